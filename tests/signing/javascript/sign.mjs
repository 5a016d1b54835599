// Signers and verifiers of JavaScript, many jobs in one start. The only argument is a file of jobs, one a line, fields
// separated by tabs: library, then payload, key, certificate, target (to sign), or "verify", document.
// Prints one line a job: "true", "false", or what went wrong.
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import * as xmldom from "@xmldom/xmldom";
import * as xades from "xadesjs";
import { setNodeDependencies } from "xml-core";
import { SignedXml } from "xml-crypto";
import * as xmldsig from "xmldsigjs";
import xpath from "xpath";

const DS = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const REFERENCES = [{ uri: "", hash: "SHA-256", transforms: ["enveloped", "exc-c14n"] }];

setNodeDependencies({ DOMParser: xmldom.DOMParser, XMLSerializer: xmldom.XMLSerializer, xpath });
xmldsig.Application.setEngine("node", webcrypto);
xades.Application.setEngine("node", webcrypto);

const parsed = (file) => new xmldom.DOMParser().parseFromString(readFileSync(file, "utf8"), "application/xml");
const base64 = (file) => new X509Certificate(readFileSync(file)).raw.toString("base64");

const algorithmOf = (key) =>
    key.asymmetricKeyType === "rsa"
        ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
        : { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

function imported(key) {
    const der = key.export({ type: "pkcs8", format: "der" });
    return webcrypto.subtle.importKey("pkcs8", der, algorithmOf(key), true, ["sign"]);
}

async function bySignedXml(signed, payload, keyFile, options) {
    const document = parsed(payload);
    const key = createPrivateKey(readFileSync(keyFile));
    signed.XmlSignature.SignedInfo.CanonicalizationMethod.Algorithm = EXCLUSIVE;
    await signed.Sign(algorithmOf(key), await imported(key), document, { references: REFERENCES, ...options });
    document.documentElement.appendChild(signed.XmlSignature.GetXml());
    return new xmldom.XMLSerializer().serializeToString(document);
}

const SIGNERS = {
    xmldsigjs: (payload, key, certificate) =>
        bySignedXml(new xmldsig.SignedXml(), payload, key, { x509: [base64(certificate)] }),
    xadesjs: (payload, key, certificate) =>
        bySignedXml(new xades.SignedXml(), payload, key, {
            x509: [base64(certificate)],
            signingCertificateV2: base64(certificate),
        }),
    "xml-crypto": (payload, key, certificate) => {
        const signed = new SignedXml({
            privateKey: readFileSync(key),
            publicCert: readFileSync(certificate),
            signatureAlgorithm: RSA_SHA256,
            canonicalizationAlgorithm: EXCLUSIVE,
        });
        const transforms = [`${DS}enveloped-signature`, EXCLUSIVE];
        signed.addReference({ xpath: "/*", uri: "", isEmptyUri: true, digestAlgorithm: SHA256, transforms });
        signed.computeSignature(readFileSync(payload, "utf8"));
        return signed.getSignedXml();
    },
};

function verified(file) {
    const document = parsed(file);
    const signed = new xmldsig.SignedXml(document);
    signed.LoadXml(document.getElementsByTagNameNS(DS, "Signature")[0]);
    return signed.Verify();
}

async function outcome([library, ...fields]) {
    try {
        if (library === "verify") return String(await verified(...fields));
        writeFileSync(fields[3], await SIGNERS[library](...fields));
        return "true";
    } catch (problem) {
        return String(problem).replaceAll("\n", " ");
    }
}

for (const line of readFileSync(process.argv[2], "utf8").split("\n")) {
    console.log(await outcome(line.split("\t")));
}
