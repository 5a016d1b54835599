// Verifiers of JavaScript: is each document signed by the certificate? Arguments: the certificate, then documents.
// Says for each document a line "library true" or "library false, and why" of every library.
import { webcrypto, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import * as xmldom from "@xmldom/xmldom";
import * as xades from "xadesjs";
import { setNodeDependencies } from "xml-core";
import { SignedXml } from "xml-crypto";
import * as xmldsig from "xmldsigjs";
import xpath from "xpath";

const DS = "http://www.w3.org/2000/09/xmldsig#";
const [certificate, ...documents] = process.argv.slice(2);

setNodeDependencies({ DOMParser: xmldom.DOMParser, XMLSerializer: xmldom.XMLSerializer, xpath });
xmldsig.Application.setEngine("node", webcrypto);
xades.Application.setEngine("node", webcrypto);

const trusted = new X509Certificate(readFileSync(certificate)).raw.toString("base64");

async function bySignedXml(library, text) {
    const document = new xmldom.DOMParser().parseFromString(text, "application/xml");
    const signed = new library.SignedXml(document);
    signed.LoadXml(document.getElementsByTagNameNS(DS, "Signature")[0]);
    // The key is taken from KeyInfo: whose it is has to be looked at as well.
    const holds = document.getElementsByTagNameNS(DS, "X509Certificate")[0].textContent.replace(/\s/g, "");
    return (await signed.Verify()) && holds === trusted;
}

const VERIFIERS = {
    "xml-crypto": async (text) => {
        const document = new xmldom.DOMParser().parseFromString(text, "application/xml");
        const signed = new SignedXml({ publicCert: readFileSync(certificate) }); // else the key of KeyInfo would do
        signed.loadSignature(document.getElementsByTagNameNS(DS, "Signature")[0]);
        return signed.checkSignature(text);
    },
    xmldsigjs: (text) => bySignedXml(xmldsig, text),
    xadesjs: (text) => bySignedXml(xades, text),
};

for (const file of documents) {
    const text = readFileSync(file, "utf8");
    for (const [name, verify] of Object.entries(VERIFIERS)) {
        try {
            console.log(name, await verify(text));
        } catch (problem) {
            console.log(name, "false", String(problem).replaceAll("\n", " "));
        }
    }
}
