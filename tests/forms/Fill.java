import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.test.Scenario;

/**
 * Fills an XForm in with JavaRosa, the engine of ODK Collect, which ODK Validate brings along.
 *
 * Reads `submission, path, kind, value` from stdin, parted by tabs, and prints `submission, path, value` of every field
 * that is relevant in the end. A value that the form refuses is printed on stderr.
 */
public class Fill {
    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        Map<String, List<String[]>> submissions = new LinkedHashMap<>();
        for (String line; (line = in.readLine()) != null; ) {
            String[] cells = line.split("\t", -1);
            submissions.computeIfAbsent(cells[0], unused -> new ArrayList<>()).add(cells);
        }
        for (Map.Entry<String, List<String[]>> submission : submissions.entrySet()) {
            Scenario form = Scenario.init(new File(arguments[0]));
            for (String[] cells : submission.getValue()) {
                TreeElement node = form.getAnswerNode(cells[1]);
                if (node == null || !node.isRelevant()) {
                    continue;
                }
                Scenario.AnswerResult result = switch (cells[2]) {
                    case "number" -> form.answer(cells[1], Double.parseDouble(cells[3]));
                    case "several" -> form.answer(cells[1], cells[3].split(" "));
                    default -> form.answer(cells[1], cells[3]);
                };
                if (result != Scenario.AnswerResult.OK) {
                    System.err.println("refused: " + String.join(" ", cells) + ": " + result);
                }
            }
            print(submission.getKey(), "", form.getFormDef().getMainInstance().getRoot(), out);
        }
    }

    private static void print(String submission, String above, TreeElement node, PrintStream out) {
        String path = above + "/" + node.getName();
        if (!node.isRelevant()) {
            return;
        }
        IAnswerData value = node.getValue();
        if (value != null) {
            String text = value.uncast().getString().replace("\n", " ").replace("\t", " ");
            out.println(submission + "\t" + path + "\t" + text);
        }
        for (int child = 0; child < node.getNumChildren(); child++) {
            print(submission, path, node.getChildAt(child), out);
        }
    }
}
