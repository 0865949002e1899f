import LibYAML
import Testing

@Suite("A plain text of YAML 1.1")
struct YAMLTagTests {
    @Test("is a number in more forms than most people think")
    func numbers() {
        for text in [
            "0", "7", "-1", "+12", "1_000", "0b101", "-0b1_0", "017", "0o17", "00", "0x1F", "0xdead_BEEF", "12:30",
            "1:59:07",
            "-190:20:30", "1_0:5",
        ] {
            #expect(YAMLTag(plain: text) == .int, "\(text)")
        }
        for text in [
            "1.5", "1.", "-1.", "+0.5", ".5", "._5", "1e3", "1E+3", "1.5e-3", ".5e+3", "08", "09_1", "190:20:30.15",
            "0:59.", ".inf",
            "-.Inf", "+.INF", ".nan", ".NaN", ".NAN", "1_0.5_5",
        ] {
            #expect(YAMLTag(plain: text) == .float, "\(text)")
        }
    }

    @Test("is a time, a truth value, nothing or a special key")
    func words() {
        for text in [
            "2001-12-14", "2001-1-4T1:59:43", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5",
            "2001-12-15 2:59:43.10", "2001-12-14 \t21:59:43Z", "2001-12-14 21:59:43. Z",
        ] {
            #expect(YAMLTag(plain: text) == .timestamp, "\(text)")
        }
        for text in ["yes", "No", "TRUE", "false", "on", "OFF"] { #expect(YAMLTag(plain: text) == .bool, "\(text)") }
        for text in ["", "~", "null", "Null", "NULL"] { #expect(YAMLTag(plain: text) == .null, "\(text)") }
        #expect(YAMLTag(plain: "<<") == .merge)
        #expect(YAMLTag(plain: "=") == .value)
    }

    @Test("is a text in all other cases")
    func texts() {
        for text in [
            "a", "-", "+", ".", "..", "0b", "0b2", "0o8", "0x", "0xg", "1a", "--1", "1e", "1e+", ".5e3", "1:60", "12:",
            "1:2:",
            "01:2", "1:2.5.5", ".INf", "+.nan", "tRUE", "y", "n", "nULL", "2001-1-4", "2001-12-14T", "2001-12-14 2:5:4",
            "2001-12-14 21:59:43 ", "2001-12-14 21:59:43 +", "2001-12-14Z", "١", "1 ", " 1", "<", "==", "10s",
            "1.2.3.4", "::1",
        ] {
            #expect(YAMLTag(plain: text) == .str, "\(text)")
        }
    }
}
