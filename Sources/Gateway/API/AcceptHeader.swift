import HTTPServer
import Text

/// How an answer is written.
enum AnswerFormat {
    /// As Hysteria writes it.
    case json
    /// For people at a terminal.
    case text
    /// For spreadsheets, where a query asks for it.
    case csv

    /// The media type of a good answer in this form.
    var contentType: Response.ContentType {
        switch self {
        case .json: .json
        case .text: .text
        case .csv: .csv
        }
    }
}

/// Which of the forms an answer can have a caller likes best (RFC 9110, section 12.5.1).
struct AcceptHeader {
    /// Weights in thousandths; nil where no media range matches.
    private var json = Preference()
    private var text = Preference()
    private var page = Preference()
    private var isJavaDefault = false

    private struct Preference {
        var weight = 0
        /// How exact the media range was that gave the weight: the most exact one decides.
        var precision = 0

        mutating func apply(weight: Int, precision: Int) {
            guard precision >= self.precision else { return }
            self.weight = weight
            self.precision = precision
        }
    }

    /// Takes one `Accept` field in; several fields make one list. What does not read as a media range is passed over.
    mutating func add(_ value: UnsafeRawBufferPointer) {
        isJavaDefault = Self.javaDefaults.contains { value.equals($0) }
        WeightedList.forEach(in: value) { name, weight in
            if name.equalsIgnoringCase("*/*") {
                json.apply(weight: weight, precision: 1)
                text.apply(weight: weight, precision: 1)
            } else if name.equalsIgnoringCase("application/json") {
                json.apply(weight: weight, precision: 3)
            } else if name.equalsIgnoringCase("application/*") {
                json.apply(weight: weight, precision: 2)
            } else if name.equalsIgnoringCase("text/plain") {
                text.apply(weight: weight, precision: 3)
            } else if name.equalsIgnoringCase("text/html") {
                page.apply(weight: weight, precision: 3)
            } else if name.equalsIgnoringCase("text/*") {
                text.apply(weight: weight, precision: 2)
            }
        }
    }

    /// The form to answer with. A caller that likes both alike, or neither, gets the default: an answer in a form that
    /// the caller did not ask for is worth more than 406.
    func choice(default standard: AnswerFormat) -> AnswerFormat {
        json.weight == text.weight ? standard : json.weight > text.weight ? .json : .text
    }

    /// What Java's `HttpURLConnection` sends for every program that does not say what it wants, up to Java 11 and since.
    private static let javaDefaults: [StaticString] = [
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/html, image/gif, image/jpeg, */*; q=0.2",
    ]

    /// Whether the caller names HTML and likes it best, as browsers do. Where it likes another form as well, it must not
    /// have named that too.
    var prefersPage: Bool {
        guard page.weight > 0, !isJavaDefault else { return false }
        return [json, text].allSatisfy { $0.weight < page.weight || $0.weight == page.weight && $0.precision < 3 }
    }
}
