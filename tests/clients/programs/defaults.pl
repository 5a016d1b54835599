# What SOAP::Lite does by itself. Says "name: value" lines.
use strict;
use warnings;
use MIME::Base64;
use SOAP::Lite;

my ($url, $token, $seed, $draft) = @ARGV;
my $space = 'urn:esad-gateway:gateway:1';
my $action = sub { "\"$space/$_[1]\"" };

sub client {
    my $soap = SOAP::Lite->new(@_)->proxy("$url/soap/gateway")->default_ns($space);
    $soap->transport->default_header(Authorization => "Bearer $token");
    return $soap;
}

sub asked { return map { SOAP::Data->name(@$_) } ([trader => $seed], [seq => 999999999]) }

open(my $file, '<:raw', $draft) or die $!;
my $document = do { local $/; <$file> };


print 'action: ', client()->call('FetchMessage', asked())->faultstring, "\n";
my $silent = client(on_action => $action)->call('FetchMessage', asked());
print 'silent: ', defined $silent->result ? 'a result' : 'nothing', "\n";
my $late = client(on_action => $action)->soapversion('1.2')->call('FetchMessage', asked());
print 'late version: ', $late->fault->{Code}{Value}, ' ', $late->fault->{Reason}{Text}, "\n";
print 'faultstring in 1.2: ', $late->faultstring // 'nothing', "\n";
SOAP::Lite->soapversion('1.1');
my $soap = client(on_action => $action);
my $ascii = $soap->call('SubmitMessage', SOAP::Data->name(document => '<IE815/>'));
print 'ASCII: ', $ascii->faultstring // 'nothing', "\n";
my $receipt = $soap->call('SubmitMessage', SOAP::Data->name(document => encode_base64($document, '')));
print 'repeated: ', $receipt->valueof('//SubmitMessageResponse/repeated'), "\n";
print 'one reply: ', ref $receipt->body->{SubmitMessageResponse}{reply}, "\n";
