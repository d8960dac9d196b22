// Send one order: java -cp "kafka-clients and what it needs" FirstOrder.java BROKERS NUMBER. Java 17 or newer.

import java.time.OffsetDateTime;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

public class FirstOrder {
    public static void main(String[] arguments) throws Exception {
        String number = arguments[1];
        String now = OffsetDateTime.now().withNano(0).toString();
        // A source test/… is judged and answered, and counted nowhere.
        String event = """
            {"specversion": "1.0", "id": "%1$s-1", "source": "test/first-order", "type": "order.placed", "time": "%2$s",
             "data": {"order": "%1$s", "placed_at": "%2$s", "unit": "U-10234", "supplier": "DK12345678",
                      "lines": [{"line": "1", "item": "11-2233", "description": "Kopipapir A4",
                                 "net_amount": "245.00"}]}}
            """.formatted(number, now);

        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        var text = new StringSerializer();
        try (var producer = new KafkaProducer<>(settings, text, text)) {
            // The key is the bare order number: an order and its invoices stay in one partition and in order.
            var place = producer.send(new ProducerRecord<>("erp.purchases", number, event)).get();
            System.out.println("sent to " + place);
        }
    }
}
