//! What a label becomes. `tests/oracle.rs` draws these and others with the versions of Mermaid that people have.

use super::*;

#[track_caller]
fn assert_stay(labels: &[&str]) {
    for label in labels {
        assert_eq!(mermaid(label), *label);
    }
}

#[track_caller]
fn assert_written(labels: &[(&str, &str)]) {
    for (label, written) in labels {
        assert_eq!(mermaid(label), *written, "{label:?}");
    }
}

#[test]
fn what_people_call_things_stays() {
    assert_stay(&[
        "grpc:8080",
        "api-gateway_2, v1.0/x",
        "Orders & Billing (EU)",
        "R&D",
        "it's {new} [beta] | a=b; 100% ^ !?",
        "C#",
        "issue #12",
        "user@host",
        "@acme/pay",
        "$5",
        "http:80 (was http:81)",
        "日本 é İ שלום 😀 👩\u{200d}👩",
        "end",
        "a\u{85}b",
    ]);
}

#[test]
fn the_short_way_and_the_long_one_write_the_same() {
    let pieces =
        ["a", "A", "1", "n", "www", "http", "fa", "direction", "LR", "-", "_", " ", ".", ":", "/", ",", "@", "é"];
    let mut number = 0_usize;
    for _ in 0..200_000 {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut label = String::new();
        let mut rest = number >> 16;
        while rest > 0 && label.len() < 24 {
            label.push_str(pieces[rest % pieces.len()]);
            rest /= 19;
        }
        let mut long = String::new();
        push_label(&mut long, &label);
        assert_eq!(mermaid(&label), long, "{label:?}");
    }
}

#[test]
fn quotes_tags_and_entities_are_codes() {
    assert_written(&[
        ("List<String> \"a\" `b`", "List#60;String#62; #34;a#34; #96;b#96;"),
        ("a -> b <br/>", "a -#62; b #60;br/#62;"),
        ("&amp; &#38; &lt AT&T", "#38;amp; #38;#35;38; #38;lt AT&T"),
        ("#35; #quot; #a", "#35;35; #35;quot; #a"),
    ]);
}

#[test]
fn blocks_of_markdown_are_broken_at_their_first_character() {
    assert_written(&[
        ("1. api", "1#46; api"),
        ("12) api", "12#41; api"),
        ("- dash", "#45; dash"),
        ("+ x", "#43; x"),
        ("* x", "#42; x"),
        ("# h", "#35; h"),
        ("> q", "#62; q"),
        ("---", "#45;--"),
        ("_ _ _", "#95; _ _"),
        ("***", "#42;#42;#42;"),
        ("~~~", "#126;#126;#126;"),
    ]);
    assert_stay(&["1.0", "v1. a", "-x", "--", "a - b", "#h", "+1", "_"]);
}

#[test]
fn emphasis_is_broken_where_it_opens() {
    assert_written(&[
        ("__init__", "#95;#95;init__"),
        ("_x_ _y", "#95;x_ _y"),
        ("a **b** c", "a #42;#42;b** c"),
        ("2*3*4", "2#42;3*4"),
        ("~~x~~", "#126;#126;x~~"),
        ("_a\nb_", "#95;a\nb_"),
        ("\u{1d4b3}_a_", "\u{1d4b3}#95;a_"),
    ]);
    assert_stay(&["a_b_c", "_private", "x_", "*.example.com", "a * b * c", "~user", "a ~ b ~ c", "é_b_c"]);
}

#[test]
fn links_of_markdown_are_broken() {
    assert_written(&[
        ("https://acme.io/x", "https#58;//acme.io/x"),
        ("HTTP://a FTP://b", "HTTP#58;//a FTP#58;//b"),
        ("www.acme.io", "www#46;acme.io"),
        ("platform@acme.io", "platform#64;acme.io"),
        ("![a](b)", "![a#93;(b)"),
        ("[a]: b", "[a#93;: b"),
    ]);
    assert_stay(&["s3://bucket", "postgres://db", "http:/", "www", "[a] (b)", "a [b]: c"]);
}

#[test]
fn escapes_icons_formulas_and_directives_are_broken() {
    assert_written(&[
        ("C:\\new", "C#58;#92;new"),
        ("a\\_b", "a#92;_b"),
        ("fa:fa-user fab:fa-x", "fa#58;fa-user fab#58;fa-x"),
        ("$$x$$", "#36;$x#36;$"),
        ("%%{init: {}}%%", "#37;%{init: {}}%%"),
    ]);
    assert_stay(&["DOMAIN\\user", "a:fa-b", "%%", "100%"]);
}

#[test]
fn a_label_is_never_a_command() {
    assert_written(&[
        ("direction LR", "direction#32;LR"),
        ("a direction\0  TB", "a direction#32; TB"),
        ("direction\nTD", "direction\n#84;D"),
    ]);
    assert_stay(&["direction", "Direction LR", "direction up"]);
}

#[test]
fn white_space_is_seen() {
    assert_written(&[
        (" a  b ", "#32;a  b#32;"),
        ("\0 a \u{ffff}", "#32;a#32;"),
        (" ", "#32;"),
        ("a\tb\u{a0}c\u{2028}d\u{202e}", "a#9;b#160;c#8232;d#8238;"),
        ("", " "),
        ("\0", " "),
    ]);
}

#[test]
fn lines_stay_lines_and_start_nothing() {
    assert_written(&[
        ("a\nb", "a\nb"),
        ("a\n\n b\r\n", "a\n#10;#32;b#13;#10;"),
        ("a\n--- b", "a\n#45;-- b"),
        ("a\n%% b", "a\n#37;% b"),
        ("| a |\n| - |", "| a |\n#124; - |"),
        ("a\n2. b", "a\n2#46; b"),
        ("x *a\n** b*", "x #42;a\n#42;#42; b*"),
    ]);
}

#[test]
fn no_colon_stands_before_a_code_in_a_word() {
    assert_written(&[("a:b\"c d:e", "a#58;b#34;c d:e"), ("a:#b c", "a#58;#35;b c"), ("x: \"y\"", "x: #34;y#34;")]);
}

#[test]
fn the_marks_of_mermaid_are_parted() {
    assert_written(&[("ﬂ°°35¶ß", "ﬂ#8203;°°35¶#8203;ß")]);
    assert_stay(&["20°", "ﬂ", "¶", "ß"]);
}

#[test]
fn codes_are_found() {
    assert!(has_mermaid_codes("a[\"#34;\"]"));
    assert!(!has_mermaid_codes("a[\"C# #1 x; #\"]"));
}

#[test]
fn a_long_label_takes_a_time_that_is_linear_in_it() {
    for text in ["_a ", "_", "*a", "~ ", "a:", "#", "&", "a\n", "\"", ":\""] {
        let label = text.repeat(200_000 / text.len());
        assert!(mermaid(&label).len() >= label.len());
    }
}
