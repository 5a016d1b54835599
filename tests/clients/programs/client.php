<?php
// PHP SoapClient: submits a signed document, fetches its IE801, and shows a fault. Says "name: value" lines.
[, $url, $token, $seed, $draft, $out, $version] = $argv;

$client = new SoapClient("$url/soap/gateway?wsdl", [
    'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'stream_context' => stream_context_create(['http' => ['header' => "Authorization: Bearer $token"]]),
]);

$document = file_get_contents($draft);
foreach (['outcome' => 0, 'again' => 1] as $name => $round) {
    $receipt = $client->SubmitMessage(['document' => $document]);
    echo "$name: $receipt->outcome ", $receipt->repeated ? 'repeated' : 'new', "\n";
}
$mine = $receipt->reply[0]->messageIdentifier;
$page = $client->ListMessages(['trader' => $seed, 'type' => 'IE801', 'limit' => 500]);
$listed = array_values(array_filter($page->message, fn($one) => $one->messageIdentifier === $mine))[0];
file_put_contents($out, $client->FetchMessage(['trader' => $seed, 'seq' => $listed->seq])->document);
echo 'acknowledged: ', $client->AcknowledgeMessage(['trader' => $seed, 'seq' => $listed->seq])->acknowledgedAt, "\n";
echo 'quantity: ', gettype($client->GetMovement(['trader' => $seed, 'arc' => $receipt->arc])->line[0]->quantity), "\n";
try {
    $client->FetchMessage(['trader' => $seed, 'seq' => 999999999]);
} catch (SoapFault $fault) {
    echo "fault: $fault->faultcode $fault->faultstring\n";
    echo 'status: ', $fault->detail->Problem->status, "\n";
}
