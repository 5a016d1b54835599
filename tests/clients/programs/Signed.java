import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.ws.security.WSConstants;
import org.apache.ws.security.WSDataRef;
import org.apache.ws.security.WSEncryptionPart;
import org.apache.ws.security.WSSConfig;
import org.apache.ws.security.WSSecurityEngine;
import org.apache.ws.security.WSSecurityEngineResult;
import org.apache.ws.security.components.crypto.Merlin;
import org.apache.ws.security.message.WSSecHeader;
import org.apache.ws.security.message.WSSecSignature;
import org.apache.ws.security.message.WSSecTimestamp;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** WSS4J: reads a mailbox with signed requests in every form, and verifies what is answered. "name: value" lines. */
public final class Signed {
    private static final String SPACE = "urn:esad-gateway:gateway:1";
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static String url, seed;
    private static Merlin keys, trusted;

    public static void main(String[] arguments) throws Exception {
        url = arguments[0] + "/soap/gateway";
        seed = arguments[1];
        WSSConfig.init();
        Certificate certificate = certificate(arguments[3]);
        String pem = Files.readString(Path.of(arguments[2])).replaceAll("-----[A-Z ]+-----|\\s", "");
        PrivateKey key = KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, PASSWORD);
        own.setKeyEntry("trader", key, PASSWORD, new Certificate[] {certificate});
        keys = crypto(own);
        KeyStore others = KeyStore.getInstance("PKCS12");
        others.load(null, PASSWORD);
        others.setCertificateEntry("administration", certificate(arguments[4]));
        trusted = crypto(others);

        Map<String, Integer> tokens = Map.of(
            "token", WSConstants.BST_DIRECT_REFERENCE,
            "issuer and serial number", WSConstants.ISSUER_SERIAL,
            "key identifier", WSConstants.SKI_KEY_IDENTIFIER);
        for (boolean defaultNamespace : new boolean[] {false, true}) {
            for (String token : tokens.keySet()) {
                for (boolean listed : new boolean[] {true, false}) {
                    String form = (defaultNamespace ? "default namespace, " : "prefix, ") + token
                        + (listed ? ", PrefixList" : ", no PrefixList");
                    String request = signed(letter(defaultNamespace), tokens.get(token), listed, true);
                    System.out.println(form + ": " + outcome(sent(request)));
                }
            }
        }
        System.out.println("by itself: " + outcome(sent(signed(letter(false), WSConstants.ISSUER_SERIAL, true, false))));
    }

    private static Merlin crypto(KeyStore store) throws Exception {
        Merlin crypto = new Merlin();
        crypto.setKeyStore(store);
        crypto.setTrustStore(store);
        return crypto;
    }

    private static Certificate certificate(String file) throws Exception {
        try (InputStream source = Files.newInputStream(Path.of(file))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(source);
        }
    }

    private static String letter(boolean defaultNamespace) {
        String prefix = defaultNamespace ? "" : "s:", declared = defaultNamespace ? "xmlns" : "xmlns:s";
        return "<" + prefix + "Envelope " + declared + "=\"http://schemas.xmlsoap.org/soap/envelope/\""
            + " xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:x=\"http://www.w3.org/2001/XMLSchema\">"
            + "<" + prefix + "Body><g:ListMessages xmlns:g=\"" + SPACE + "\"><g:trader i:type=\"x:string\">" + seed
            + "</g:trader></g:ListMessages></" + prefix + "Body></" + prefix + "Envelope>";
    }

    private static Document parsed(String text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(text.getBytes("UTF-8")));
    }

    private static String signed(String letter, int identifier, boolean listed, boolean strong) throws Exception {
        Document document = parsed(letter);
        WSSConfig config = WSSConfig.getNewInstance();
        config.setWsiBSPCompliant(listed); // by itself it writes a PrefixList
        WSSecHeader header = new WSSecHeader();
        header.insertSecurityHeader(document);
        WSSecTimestamp timestamp = new WSSecTimestamp(config);
        timestamp.build(document, header);
        WSSecSignature signature = new WSSecSignature(config);
        signature.setUserInfo("trader", new String(PASSWORD));
        signature.setKeyIdentifierType(identifier);
        if (strong) {
            signature.setSignatureAlgorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
            signature.setDigestAlgo("http://www.w3.org/2001/04/xmlenc#sha256");
        }
        signature.setParts(List.of(
            new WSEncryptionPart("Body", document.getDocumentElement().getNamespaceURI(), ""),
            new WSEncryptionPart("Timestamp", WSConstants.WSU_NS, "")));
        signature.build(document, keys, header);
        Transformer writer = TransformerFactory.newInstance().newTransformer();
        writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter text = new StringWriter();
        writer.transform(new DOMSource(document), new StreamResult(text));
        return text.toString();
    }

    private static String sent(String envelope) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", "text/xml; charset=utf-8").POST(HttpRequest.BodyPublishers.ofString(envelope)).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** What a verified answer says: how many messages, or the reason of the fault. */
    private static String outcome(String answer) throws Exception {
        Document document = parsed(answer);
        List<WSSecurityEngineResult> results = new WSSecurityEngine().processSecurityHeader(document, null, null, trusted);
        Set<String> covered = new HashSet<>();
        for (WSSecurityEngineResult result : results) {
            Object references = result.get(WSSecurityEngineResult.TAG_DATA_REF_URIS);
            if (references != null) {
                for (Object one : (List<?>) references) {
                    covered.add(((WSDataRef) one).getName().getLocalPart());
                }
            }
        }
        if (!covered.containsAll(Set.of("Body", "Timestamp"))) {
            return "signed are " + covered;
        }
        var faults = document.getElementsByTagName("faultstring");
        int messages = document.getElementsByTagNameNS(SPACE, "messageIdentifier").getLength();
        return faults.getLength() > 0 ? faults.item(0).getTextContent() : messages + " entries";
    }
}
