// What npm soap does by itself. Says "name: value" lines.
import { readFileSync } from "node:fs";
import soap from "soap";

const [url, token, seed, draft] = process.argv.slice(2);

async function connected(options = {}) {
    const client = await soap.createClientAsync(`${url}/soap/gateway?wsdl`, { disableCache: true, ...options });
    client.setSecurity(new soap.BearerSecurity(token));
    return client;
}

const plain = await connected();

/** What a call led to: the reason of the fault as the library has it, or nothing. */
async function said(name, members, client = plain) {
    try {
        await client[`${name}Async`](members);
        return "nothing";
    } catch ({ root }) {
        const { Fault } = root.Envelope.Body;
        return Fault.faultstring ?? `${Fault.Reason.Text}, and ${Fault.Reason.Text.$value}`;
    }
}

console.log("buffer:", await said("SubmitMessage", { document: readFileSync(draft) }));
console.log("date:", await said("ListMovements", { trader: seed, dueBefore: new Date() }));
console.log("null:", await said("ListMessages", { trader: seed, arc: null }));
console.log("order:", await said("ListMessages", { limit: 5, trader: seed }));
const newer = await connected({ forceSoap12Headers: true });
console.log("reason:", await said("FetchMessage", { trader: seed, seq: 999999999 }, newer));
const [page] = await plain.ListMessagesAsync({ trader: seed, limit: 1 });
console.log("moment:", typeof page.message[0].recordedAt);
console.log("number:", typeof page.message[0].seq);
