// YAMLScalarTests.swift - unquoted texts mean what PyYAML 6.0.3's safe loader says they mean.

import Testing
import VQAFormats

@Suite struct YAMLScalarTests {
  /// What PyYAML gives; whole numbers beyond 64 bits are the nearest double here, dates stay texts.
  private static let pyYAML: [(text: String, value: YAMLScalar)] = [
    ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nULL", .text("nULL")),
    ("yes", .boolean(true)), ("Yes", .boolean(true)), ("YES", .boolean(true)), ("yEs", .text("yEs")),
    ("no", .boolean(false)), ("No", .boolean(false)), ("on", .boolean(true)), ("On", .boolean(true)),
    ("OFF", .boolean(false)), ("off", .boolean(false)), ("true", .boolean(true)), ("True", .boolean(true)),
    ("TRUE", .boolean(true)), ("tRue", .text("tRue")), ("y", .text("y")), ("n", .text("n")), ("0", .integer(0)),
    ("1", .integer(1)), ("-1", .integer(-1)), ("+1", .integer(1)), ("12", .integer(12)), ("1_000", .integer(1000)),
    ("-1_0", .integer(-10)), ("007", .integer(7)), ("010", .integer(8)), ("0o10", .text("0o10")),
    ("08", .text("08")), ("0b101", .integer(5)), ("-0b11", .integer(-3)), ("0b2", .text("0b2")),
    ("0x1F", .integer(31)), ("-0xff", .integer(-255)), ("0xg", .text("0xg")), ("0_7", .integer(7)),
    ("0_", .integer(0)), ("1:30", .integer(90)), ("-1:30", .integer(-90)), ("1:60", .text("1:60")),
    ("0:30", .text("0:30")), ("1:5:07", .integer(3907)), ("190:20:30", .integer(685230)), ("1e-4", .text("1e-4")),
    ("1E-4", .text("1E-4")), ("1.0e-4", .number(0.0001)), ("1.e-4", .number(0.0001)), ("1.0e4", .text("1.0e4")),
    ("1.0e+4", .number(10000.0)), (".5", .number(0.5)), ("+.5", .text("+.5")), ("-.5", .text("-.5")),
    (".5e-3", .number(0.0005)), (".e-3", .text(".e-3")), ("5.", .number(5.0)), ("-5.", .number(-5.0)),
    ("1_0.5_0", .number(10.5)), ("._5", .text("._5")), (".5_", .number(0.5)), ("0.0001", .number(0.0001)),
    ("00.5", .number(0.5)), ("1.5.2", .text("1.5.2")), ("1:30.5", .number(90.5)), ("0:30.5", .number(30.5)),
    ("1:30.", .number(90.0)), ("-1:30.25", .number(-90.25)), ("1:60.5", .text("1:60.5")),
    (".inf", .number(.infinity)), ("-.inf", .number(-.infinity)), ("+.Inf", .number(.infinity)),
    (".INF", .number(.infinity)), (".iNF", .text(".iNF")), (".nan", .number(.nan)), ("-.nan", .text("-.nan")),
    (".NaN", .number(.nan)), ("nan", .text("nan")), ("inf", .text("inf")), ("1e5", .text("1e5")),
    ("1d5", .text("1d5")), ("12e03", .text("12e03")), ("0.1.", .text("0.1.")), ("1-2", .text("1-2")),
    ("2021-10-11", .text("2021-10-11")), ("2021", .integer(2021)),
    ("9223372036854775807", .integer(9223372036854775807)), ("9223372036854775808", .number(9.223372036854776e+18)),
    ("-9223372036854775808", .number(-9.223372036854776e+18)),
    ("123456789012345678901234567890", .number(1.2345678901234568e+29)), ("a", .text("a")), ("TRAR", .text("TRAR")),
    ("train+val", .text("train+val")), ("1,2", .text("1,2")), ("(0.9, 0.98)", .text("(0.9, 0.98)")),
    ("1e", .text("1e")), ("e5", .text("e5")), ("-", .text("-")), ("+", .text("+")), (".", .text(".")),
    ("..", .text("..")), ("1.0e-", .text("1.0e-")), ("1.0e-a", .text("1.0e-a")), ("0.1e-05", .number(1e-06)),
    ("1__0", .integer(10)), ("_1", .text("_1")), ("1_", .integer(1)), (":30", .text(":30")), ("1::2", .text("1::2")),
  ]

  @Test func plainTextsAreReadAsPyYAMLDoes() {
    for (text, value) in Self.pyYAML {
      // By description, since NaN equals nothing.
      #expect("\(YAMLScalar(plain: text))" == "\(value)", "\(text)")
    }
  }

  @Test func tagsOfYAMLDecide() {
    #expect(YAMLScalar("1", tag: "str") == .text("1"))
    #expect(YAMLScalar("1", tag: "float") == .number(1))
    #expect(YAMLScalar("1e-4", tag: "float") == .number(1e-4))
    #expect(YAMLScalar("12", tag: "int") == .integer(12))
    #expect(YAMLScalar("no", tag: "bool") == .boolean(false))
    #expect(YAMLScalar("~", tag: "null") == .null)
    for (text, tag) in [("a", "int"), ("1.5", "int"), ("a", "float"), ("1", "bool"), ("1", "null"), ("1", "seq")] {
      #expect(YAMLScalar(text, tag: tag) == nil, "\(tag) \(text)")
    }
  }

  @Test func pythonLiteralsAreReadAndNothingElse() {
    #expect(PythonLiteral.number(" 1e-9 ") == 1e-9)
    #expect(PythonLiteral.number("-.5") == -0.5)
    #expect(PythonLiteral.numbers("(0.9, 0.98)") == [0.9, 0.98])
    #expect(PythonLiteral.numbers("[1, 2,]") == [1, 2])
    #expect(PythonLiteral.numbers("3") == [3])
    #expect(PythonLiteral.boolean("True") == true && PythonLiteral.boolean("False") == false)
    for text in [
      "", "inf", "nan", "0x10", "1e999", "0.9 * 2", "__import__('os')", "1_0", "١", "()", "(,)", "(1, a)", "(1",
    ] {
      #expect(PythonLiteral.numbers(text) == nil, "\(text)")
    }
    #expect(PythonLiteral.boolean("true") == nil)
  }
}
