// npm soap: submits a signed document, fetches its IE801, and shows a fault. Says "name: value" lines.
import { readFileSync, writeFileSync } from "node:fs";
import soap from "soap";

const [url, token, seed, draft, out, version] = process.argv.slice(2);
const client = await soap.createClientAsync(`${url}/soap/gateway?wsdl`, {
    disableCache: true, // else the first description that was read is used for every address
    forceSoap12Headers: version === "1.2",
});
client.setSecurity(new soap.BearerSecurity(token));
const called = async (name, members) => (await client[`${name}Async`](members))[0];

const document = readFileSync(draft).toString("base64"); // a Buffer would become elements called 0, 1, 2
let receipt;
for (const name of ["outcome", "again"]) {
    receipt = await called("SubmitMessage", { document });
    console.log(`${name}: ${receipt.outcome} ${receipt.repeated ? "repeated" : "new"}`);
}
const mine = receipt.reply[0].messageIdentifier;
const page = await called("ListMessages", { trader: seed, type: "IE801", limit: 500 }); // in the schema's order
const { seq } = page.message.find((one) => one.messageIdentifier === mine);
const fetched = await called("FetchMessage", { trader: seed, seq });
writeFileSync(out, Buffer.from(fetched.document, "base64"));
const { acknowledgedAt } = await called("AcknowledgeMessage", { trader: seed, seq });
console.log(`acknowledged: ${acknowledgedAt}`);
const movement = await called("GetMovement", { trader: seed, arc: receipt.arc });
console.log(`quantity: ${typeof movement.line[0].quantity}`);
try {
    await called("FetchMessage", { trader: seed, seq: 999999999 });
} catch ({ root }) {
    const { Fault } = root.Envelope.Body;
    console.log(`fault: ${Fault.faultcode ?? Fault.Code.Value} ${Fault.faultstring ?? Fault.Reason.Text.$value}`);
    console.log(`status: ${(Fault.detail ?? Fault.Detail).Problem.status}`);
}
