import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLObject;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * The JDK's XML signature as an independent signer and verifier of ESAD-SIG-1, many jobs in one start.
 *
 * The only argument is a file of jobs, one a line, fields separated by tabs:
 * sign (payload, key, certificate, target, QualifyingProperties or "-"), or verify (document, certificate).
 * Prints one line a job: "true", "false", or what went wrong.
 */
public final class XmlDsig {
    private static final String XADES = "http://uri.etsi.org/01903/v1.3.2#";
    private static final String METHODS = "http://www.w3.org/2001/04/xmldsig-more#";
    private static final XMLSignatureFactory FACTORY = XMLSignatureFactory.getInstance("DOM");

    public static void main(String[] arguments) throws Exception {
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            System.out.println(outcome(line.split("\t")));
        }
    }

    private static String outcome(String[] job) {
        try {
            return String.valueOf(job[0].equals("sign") ? sign(job) : verify(job));
        } catch (Exception problem) {
            return problem.toString().replace('\n', ' ');
        }
    }

    private static boolean sign(String[] job) throws Exception {
        Document document = parsed(job[1]);
        X509Certificate certificate = certificate(job[3]);
        PrivateKey key = key(job[2], certificate.getPublicKey().getAlgorithm());
        DOMSignContext context = new DOMSignContext(key, document.getDocumentElement());
        context.setDefaultNamespacePrefix("ds");
        List<Reference> references = new ArrayList<>(List.of(documentReference()));
        List<XMLObject> objects = new ArrayList<>();
        if (!job[5].equals("-")) {
            references.add(propertiesReference());
            objects.add(properties(document, job[5], context));
        }
        String method = METHODS + (key.getAlgorithm().equals("RSA") ? "rsa-sha256" : "ecdsa-sha256");
        SignedInfo signedInfo = FACTORY.newSignedInfo(
            FACTORY.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
            FACTORY.newSignatureMethod(method, null),
            references);
        FACTORY.newXMLSignature(signedInfo, keyInfo(certificate), objects, "signature", null).sign(context);
        try (OutputStream target = Files.newOutputStream(Path.of(job[4]))) {
            TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(target));
        }
        return true;
    }

    private static Reference documentReference() throws Exception {
        List<Transform> transforms = List.of(
            FACTORY.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
            FACTORY.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null));
        return FACTORY.newReference("", FACTORY.newDigestMethod(DigestMethod.SHA256, null), transforms, null, null);
    }

    private static Reference propertiesReference() throws Exception {
        return FACTORY.newReference(
            "#signed-properties",
            FACTORY.newDigestMethod(DigestMethod.SHA256, null),
            List.of(FACTORY.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null)),
            "http://uri.etsi.org/01903#SignedProperties",
            null);
    }

    private static XMLObject properties(Document document, String file, DOMSignContext context) throws Exception {
        Element qualifying = (Element) document.importNode(parsed(file).getDocumentElement(), true);
        Element signed = (Element) qualifying.getElementsByTagNameNS(XADES, "SignedProperties").item(0);
        context.setIdAttributeNS(signed, null, "Id");
        return FACTORY.newXMLObject(List.of(new DOMStructure(qualifying)), null, null, null);
    }

    private static KeyInfo keyInfo(X509Certificate certificate) {
        KeyInfoFactory factory = FACTORY.getKeyInfoFactory();
        return factory.newKeyInfo(List.of(factory.newX509Data(List.of(certificate))));
    }

    private static boolean verify(String[] job) throws Exception {
        Document document = parsed(job[1]);
        Element signature = (Element) document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature").item(0);
        DOMValidateContext context = new DOMValidateContext(certificate(job[2]).getPublicKey(), signature);
        Element signed = (Element) document.getElementsByTagNameNS(XADES, "SignedProperties").item(0);
        if (signed != null) {
            context.setIdAttributeNS(signed, null, "Id");
        }
        return FACTORY.unmarshalXMLSignature(context).validate(context);
    }

    private static Document parsed(String file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(Path.of(file).toFile());
    }

    private static X509Certificate certificate(String file) throws Exception {
        try (InputStream source = Files.newInputStream(Path.of(file))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(source);
        }
    }

    private static PrivateKey key(String file, String algorithm) throws Exception {
        String body = Files.readString(Path.of(file)).replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    }
}
