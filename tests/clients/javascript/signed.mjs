// npm soap with WSSecurityCert: reads a mailbox with signed requests. It does not verify what is answered, so xml-crypto
// does. Says "name: value" lines.
import { readFileSync } from "node:fs";
import soap from "soap";
import { SignedXml } from "xml-crypto";

const [url, seed, key, certificate, administration] = process.argv.slice(2);
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";

const settings = [readFileSync(key), readFileSync(certificate), ""];

async function outcome(limit, security, client) {
    client ??= await soap.createClientAsync(`${url}/soap/gateway?wsdl`, { disableCache: true });
    client.setSecurity(security);
    try {
        const [page, text] = await client.ListMessagesAsync({ trader: seed, limit });
        return `${page.message.length} entries, ${verified(text) ? "verified" : "not verified"}`;
    } catch (problem) {
        return problem.root?.Envelope.Body.Fault.faultstring ?? problem.message;
    }
}

/** Whether what was answered is signed by the administration: its Body and its Timestamp. */
function verified(text) {
    const [signature] = text.match(/<ds:Signature.*<\/ds:Signature>/s);
    const signed = new SignedXml({ publicCert: readFileSync(administration), idMode: "wssecurity" });
    signed.loadSignature(signature);
    const parts = signed.checkSignature(text) ? signed.getSignedReferences().map((part) => part.slice(0, 60)) : [];
    return ["Body", "Timestamp"].every((name) => parts.some((part) => part.includes(`:${name} `)));
}

// Each asks for another number of messages: two that are equal within a second are one that was sent twice.
console.log("by itself:", await outcome(1, new soap.WSSecurityCert(...settings)));
const usual = { signatureTransformations: [EXCLUSIVE], signerOptions: { idMode: "wssecurity" } };
console.log("as others do:", await outcome(2, new soap.WSSecurityCert(...settings, usual)));
const client = await soap.createClientAsync(`${url}/soap/gateway?wsdl`, { disableCache: true });
const three = [1, 2, 3].map(() => outcome(3, new soap.WSSecurityCert(...settings), client));
console.log("equal requests:", (await Promise.all(three)).find((words) => words.includes("step")));
const [privateKey, publicKey] = settings;
console.log("with token:", await outcome(4, new soap.WSSecurityCertWithToken({ privateKey, publicKey, keyPassword: "" })));
