// gSOAP: submits a signed document, fetches its IE801, and shows a fault. Says "name: value" lines.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include "GatewaySoap.nsmap"
#include "soapGatewaySoapProxy.h"

using std::string;

namespace {

struct Namespace older[sizeof(namespaces) / sizeof(namespaces[0])];

string read(const char *name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Client {
    string endpoint, token, seed;
    GatewaySoapProxy proxy;
    struct soap *soap = proxy.soap;

    // Forgotten after each call, so it is set for each.
    const char *ready() {
        soap->bearer = token.c_str();
        return endpoint.c_str();
    }

    ns1__OneMessage one(LONG64 seq) {
        ns1__OneMessage wanted;
        wanted.trader = seed;
        wanted.seq = seq;
        return wanted;
    }

    int failed() {
        soap_stream_fault(soap, std::cerr);
        return 1;
    }

    int run(const string &document, const char *target) {
        ns1__Document draft;
        draft.document.__ptr = reinterpret_cast<unsigned char *>(const_cast<char *>(document.data()));
        draft.document.__size = static_cast<int>(document.size());
        ns1__Receipt receipt;
        for (const char *name : {"outcome", "again"}) {
            if (proxy.SubmitMessage(ready(), NULL, &draft, receipt)) return failed();
            std::cout << name << ": " << receipt.outcome << (receipt.repeated ? " repeated\n" : " new\n");
        }
        string type = "IE801";
        int limit = 500;
        _ns1__ListMessages wanted;
        wanted.trader = seed;
        wanted.type = &type;
        wanted.limit = &limit;
        _ns1__ListMessagesResponse page;
        if (proxy.ListMessages(ready(), NULL, &wanted, page)) return failed();
        LONG64 seq = 0;
        for (const auto *entry : page.message) {
            if (entry->messageIdentifier == receipt.reply.at(0)->messageIdentifier) seq = entry->seq;
        }
        ns1__OneMessage mine = one(seq);
        ns1__Document fetched;
        if (proxy.FetchMessage(ready(), NULL, &mine, fetched)) return failed();
        std::ofstream(target, std::ios::binary)
            .write(reinterpret_cast<const char *>(fetched.document.__ptr), fetched.document.__size);
        ns1__Entry noted;
        if (proxy.AcknowledgeMessage(ready(), NULL, &mine, noted)) return failed();
        std::cout << "acknowledged: " << (noted.acknowledgedAt ? soap_dateTime2s(soap, *noted.acknowledgedAt) : "") << "\n";
        ns1__OneMessage nobody = one(999999999);
        if (proxy.FetchMessage(ready(), NULL, &nobody, fetched) == SOAP_OK) return 1;
        std::cout << "fault: " << *soap_faultcode(soap) << " " << *soap_faultstring(soap) << "\n";
        const SOAP_ENV__Detail *detail = soap->version == 2 ? soap->fault->SOAP_ENV__Detail : soap->fault->detail;
        if (detail && detail->ns1__Problem) std::cout << "status: " << detail->ns1__Problem->status << "\n";
        return 0;
    }

    // What gSOAP does by itself: its version, and what it forgets.
    int defaults() {
        _ns1__ListMessages wanted;
        wanted.trader = seed;
        _ns1__ListMessagesResponse page;
        if (proxy.ListMessages(ready(), NULL, &wanted, page)) return failed();
        std::cout << "version: 1." << soap->version << "\n";
        std::cout << "moment: " << soap_dateTime2s(soap, page.message.at(0)->recordedAt) << "\n";
        if (proxy.ListMessages(endpoint.c_str(), NULL, &wanted, page) == SOAP_OK) return 1;
        std::cout << "second call: " << *soap_faultstring(soap) << "\n";
        return 0;
    }
};

}  // namespace

int main(int, char **arguments) {
    Client client;
    client.endpoint = string(arguments[1]) + "/soap/gateway";
    client.token = arguments[2];
    client.seed = arguments[3];
    const string version = arguments[6];
    if (version == "defaults") return client.defaults();
    if (version == "1.1") {
        // Both ports are one class here, which speaks what the table of namespaces has first; soap_set_version is
        // forgotten with each call. This is what `soapcpp2 -1` writes into the table.
        std::copy(namespaces, namespaces + sizeof(namespaces) / sizeof(namespaces[0]), older);
        older[0].ns = "http://schemas.xmlsoap.org/soap/envelope/";
        older[1].ns = "http://schemas.xmlsoap.org/soap/encoding/";
        soap_set_namespaces(client.soap, older);
    }
    return client.run(read(arguments[4]), arguments[5]);
}
