import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.xml.security.Init;
import org.apache.xml.security.signature.XMLSignature;
import org.w3c.dom.Element;

/** Apache Santuario: is each document signed by the certificate? Arguments: the certificate, then documents. */
public final class Santuario {
    public static void main(String[] arguments) throws Exception {
        Init.init();
        X509Certificate certificate;
        try (InputStream file = Files.newInputStream(Path.of(arguments[0]))) {
            certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
        }
        for (int at = 1; at < arguments.length; at++) {
            System.out.println(verified(arguments[at], certificate));
        }
    }

    private static String verified(String file, X509Certificate certificate) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            Element root = factory.newDocumentBuilder().parse(Path.of(file).toFile()).getDocumentElement();
            Element signature = (Element) root.getLastChild();
            boolean secureValidation = true;
            return String.valueOf(new XMLSignature(signature, "", secureValidation).checkSignatureValue(certificate));
        } catch (Exception problem) {
            return "false " + problem.toString().replace('\n', ' ');
        }
    }
}
