<?php
// PHP with what it brings: DOM for the canonical form, openssl for the rest. Arguments: the certificate, then documents.
// Says true, false or what went wrong, one line a document. ECDSA values are r and s in XML, and ASN.1 in openssl.
const DS = 'http://www.w3.org/2000/09/xmldsig#';

function sequence(int $tag, string $content): string
{
    $length = strlen($content); // below 128 for P-256
    return chr($tag) . chr($length) . $content;
}

function whole(string $half): string
{
    $digits = ltrim($half, "\0");
    return sequence(0x02, $digits === '' || ord($digits[0]) > 127 ? "\0$digits" : $digits);
}

function verified(string $file, OpenSSLAsymmetricKey $key): bool
{
    $document = new DOMDocument();
    $document->load($file, LIBXML_NONET);
    $signature = $document->documentElement->lastElementChild;
    $text = fn(string $name) => $signature->getElementsByTagNameNS(DS, $name)[0]->textContent;
    $information = $signature->getElementsByTagNameNS(DS, 'SignedInfo')[0]->C14N(true, false);
    $value = base64_decode($text('SignatureValue'));
    if (openssl_pkey_get_details($key)['type'] === OPENSSL_KEYTYPE_EC) {
        $value = sequence(0x30, whole(substr($value, 0, 32)) . whole(substr($value, 32)));
    }
    $digest = $text('DigestValue');
    $signature->remove();
    // Of the root, not of the document: a DOMDocument would be canonical with what stands beside its root.
    $found = base64_encode(hash('sha256', $document->documentElement->C14N(true, false), true));
    return hash_equals($digest, $found) && openssl_verify($information, $value, $key, OPENSSL_ALGO_SHA256) === 1;
}

$key = openssl_pkey_get_public(file_get_contents($argv[1]));
foreach (array_slice($argv, 2) as $file) {
    try {
        echo verified($file, $key) ? 'true' : 'false', "\n";
    } catch (Throwable $problem) {
        echo 'false ', $problem->getMessage(), "\n";
    }
}
