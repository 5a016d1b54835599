<?php
// What PHP's SoapClient does by itself. Says "name: value" lines.
[, $url, $token, $seed, $draft] = $argv;

function client(string $url, string $token, array $options = []): SoapClient
{
    $header = ['http' => ['header' => "Authorization: Bearer $token"]];
    return new SoapClient("$url/soap/gateway?wsdl", $options + [
        'cache_wsdl' => WSDL_CACHE_NONE,
        'trace' => true,
        'stream_context' => stream_context_create($header),
    ]);
}

/** What a call led to: the fault's words, or nothing. */
function said(callable $call): string
{
    try {
        $call();
        return '';
    } catch (SoapFault $fault) {
        return $fault->faultstring;
    }
}

$plain = client($url, $token);
$document = file_get_contents($draft);
$receipt = $plain->SubmitMessage(['document' => $document]);
echo 'one reply: ', get_debug_type($receipt->reply), "\n";
$listed = client($url, $token, ['features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
echo 'one reply with the setting: ', get_debug_type($listed->SubmitMessage(['document' => $document])->reply), "\n";

$plain->ListMessages(['trader' => $seed, 'unread' => 'false']);
preg_match('~unread>(\w+)<~', $plain->__getLastRequest(), $sent);
echo "unread: $sent[1]\n";
echo 'number: ', said(fn() => $plain->FetchMessage(['trader' => $seed, 'seq' => '99999999999999999999'])), "\n";
echo 'encoded: ', said(fn() => $plain->SubmitMessage(['document' => base64_encode($document)])), "\n";
echo 'missing: ', said(fn() => $plain->FetchMessage(['trader' => $seed])), "\n";
$basic = client($url, $token, ['login' => 'Bearer', 'password' => $token, 'stream_context' => null]);
echo 'login and password: ', said(fn() => $basic->ListMessages(['trader' => $seed])), "\n";
