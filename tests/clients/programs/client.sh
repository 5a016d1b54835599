#!/usr/bin/env bash
# curl: submits a signed document, fetches its IE801, and shows a fault. Says "name: value" lines.
set -euo pipefail
url=$1 token=$2 seed=$3 draft=$4 out=$5 version=$6
folder="$(dirname "$out")"
space=http://schemas.xmlsoap.org/soap/envelope/
type='text/xml; charset=utf-8'
if [[ $version == 1.2 ]]; then
    space=http://www.w3.org/2003/05/soap-envelope
    type='application/soap+xml; charset=utf-8'
fi

# An operation with its members; the answer is on one line. A fault has 500 or 400, and its envelope is what counts.
called() {
    printf '<s:Envelope xmlns:s="%s"><s:Body><%s xmlns="urn:esad-gateway:gateway:1">%s</%s></s:Body></s:Envelope>' \
        "$space" "$1" "$2" "$1" > "$folder/request.$version"
    # --data would take the line ends out, and say that it is a form.
    curl --silent --show-error --header "Content-Type: $type" --header "Authorization: Bearer $token" \
        --data-binary "@$folder/request.$version" "$url/soap/gateway"
}

# The first element of that name.
one() { grep --only-matching --perl-regexp "<(e:)?$1(?: [^>]*)?>\K[^<]*" | head -n 1; }

for name in outcome again; do
    receipt="$(called SubmitMessage "<document>$(base64 --wrap=0 "$draft")</document>")"
    repeated=new
    [[ $(one repeated <<< "$receipt") == true ]] && repeated=repeated
    echo "$name: $(one outcome <<< "$receipt") $repeated"
done
mine="$(grep --only-matching '<reply>.*' <<< "$receipt" | one messageIdentifier)"
page="$(called ListMessages "<trader>$seed</trader><type>IE801</type><limit>500</limit>")"
seq="$(sed 's/<message><seq>/\n&/g' <<< "$page" | grep --fixed-strings "$mine" | one seq)"
member="<trader>$seed</trader><seq>$seq</seq>"
called FetchMessage "$member" | one document | base64 --decode > "$out"
echo "acknowledged: $(called AcknowledgeMessage "$member" | one acknowledgedAt)"
fault="$(called FetchMessage "<trader>$seed</trader><seq>999999999</seq>")"
echo "fault: $(one '(?:faultcode|Value)' <<< "$fault") $(one '(?:faultstring|Text)' <<< "$fault")"
echo "status: $(one status <<< "$fault")"
