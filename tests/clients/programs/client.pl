# SOAP::Lite: submits a signed document, fetches its IE801, and shows a fault. Says "name: value" lines.
use strict;
use warnings;
use MIME::Base64;
use SOAP::Lite;

my ($url, $token, $seed, $draft, $out, $version) = @ARGV;
my $space = 'urn:esad-gateway:gateway:1';

SOAP::Lite->soapversion($version);    # for the class: a client that exists writes 1.1 whatever it is told
my $soap = SOAP::Lite->proxy("$url/soap/gateway")->default_ns($space)
    ->autotype(0)                                  # else the elements get types, and base64 is guessed
    ->on_action(sub { "\"$space/$_[1]\"" });       # else the action is urn:esad-gateway:gateway:1#SubmitMessage
$soap->transport->default_header(Authorization => "Bearer $token");
$soap->on_fault(sub { $_[1] });                    # else a fault is silent here

sub called {
    my ($operation, @members) = @_;
    my @data;
    while (my ($name, $value) = splice(@members, 0, 2)) { push @data, SOAP::Data->name($name => $value) }
    return $soap->call($operation, @data);
}

open(my $file, '<:raw', $draft) or die $!;
my $document = encode_base64(do { local $/; <$file> }, '');
my $answer;
for my $name ('outcome', 'again') {
    $answer = called('SubmitMessage', document => $document)->body->{SubmitMessageResponse};
    print "$name: $answer->{outcome} ", ($answer->{repeated} eq 'true' ? 'repeated' : 'new'), "\n";    # a text, not a boolean
}
my $page = called('ListMessages', trader => $seed, type => 'IE801', limit => 500);
my ($listed) = grep { $_->{messageIdentifier} eq $answer->{reply}{messageIdentifier} } $page->valueof('//ListMessagesResponse/message');
my $fetched = called('FetchMessage', trader => $seed, seq => $listed->{seq});
open(my $target, '>:raw', $out) or die $!;
print $target decode_base64($fetched->valueof('//FetchMessageResponse/document'));
close($target);
my $noted = called('AcknowledgeMessage', trader => $seed, seq => $listed->{seq});
print 'acknowledged: ', $noted->valueof('//acknowledgedAt'), "\n";
my $fault = called('FetchMessage', trader => $seed, seq => 999999999);
# faultcode and faultstring are for 1.1 alone.
my ($code, $reason, $problem) = $version eq '1.1'
    ? ($fault->faultcode, $fault->faultstring, $fault->faultdetail->{Problem})
    : ($fault->fault->{Code}{Value}, $fault->fault->{Reason}{Text}, $fault->fault->{Detail}{Problem});
print "fault: $code $reason\n";
print "status: $problem->{status}\n";
