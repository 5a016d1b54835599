import gw.Entry;
import gw.Document;
import gw.Gateway;
import gw.GetMovement;
import gw.ListMessages;
import gw.OneMessage;
import gw.Problem_Exception;
import gw.Receipt;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.namespace.QName;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.Service;
import javax.xml.ws.handler.MessageContext;
import javax.xml.ws.soap.MTOMFeature;
import javax.xml.ws.soap.SOAPFaultException;

/** JAX-WS: submits a signed document, fetches its IE801, and shows a fault. Says "name: value" lines. */
public final class Client {
    private static final String SPACE = "urn:esad-gateway:gateway:1";

    public static void main(String[] arguments) throws Exception {
        String seed = arguments[2], version = arguments[5];
        Service service = Service.create(new URL(arguments[0] + "/soap/gateway?wsdl"), new QName(SPACE, "Gateway"));
        QName port = new QName(SPACE, version.equals("1.2") ? "GatewaySoap12" : "GatewaySoap");
        boolean inParts = arguments.length > 6 && arguments[6].equals("mtom");
        Gateway gateway = service.getPort(port, Gateway.class, new MTOMFeature(inParts));
        Map<String, Object> context = ((BindingProvider) gateway).getRequestContext();
        context.put(MessageContext.HTTP_REQUEST_HEADERS, Map.of("Authorization", List.of("Bearer " + arguments[1])));

        Document document = new Document();
        document.setDocument(Files.readAllBytes(Path.of(arguments[3])));
        Receipt receipt = null;
        for (String name : List.of("outcome", "again")) {
            receipt = gateway.submitMessage(document);
            System.out.println(name + ": " + receipt.getOutcome() + (receipt.isRepeated() ? " repeated" : " new"));
        }
        String mine = receipt.getReply().get(0).getMessageIdentifier();
        ListMessages wanted = new ListMessages();
        wanted.setTrader(seed);
        wanted.setType("IE801");
        wanted.setLimit(500);
        OneMessage one = new OneMessage();
        one.setTrader(seed);
        for (Entry entry : gateway.listMessages(wanted).getMessage()) {
            if (entry.getMessageIdentifier().equals(mine)) {
                one.setSeq(entry.getSeq());
            }
        }
        Files.write(Path.of(arguments[4]), gateway.fetchMessage(one).getDocument());
        System.out.println("acknowledged: " + gateway.acknowledgeMessage(one).getAcknowledgedAt());
        GetMovement movement = new GetMovement();
        movement.setTrader(seed);
        movement.setArc(receipt.getArc());
        Object quantity = gateway.getMovement(movement).getLine().get(0).getQuantity();
        System.out.println("quantity: " + quantity.getClass().getSimpleName());
        one.setSeq(999999999);
        try {
            gateway.fetchMessage(one);
        } catch (Problem_Exception problem) {
            System.out.println("fault: untold " + problem.getMessage()); // a fault that the WSDL has comes without its code
            System.out.println("status: " + problem.getFaultInfo().getStatus());
        } catch (SOAPFaultException fault) {
            System.out.println("fault: " + fault.getFault().getFaultCode() + " without its detail");
        }
    }
}
