//! `report.html` in a browser: a script uses the page as a reader would, and writes down
//! what it sees. Where there is no Chromium the tests say so and check nothing.

mod common;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Csv, Folder};
use serde_json::Value;

/// The browser: `CHROMIUM`, or one that is installed.
fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        let named = PathBuf::from(named);
        assert!(named.is_file(), "CHROMIUM names no file: {}", named.display());
        return Some(named);
    }
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let all = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    all.into_iter().find(|file| file.is_file())
}

/// The browser, or a line that says what is not tested.
fn chromium_or_skip(test: &str) -> Option<PathBuf> {
    let found = chromium();
    if found.is_none() {
        // Not by a macro: the reader of a test run that passed must see it.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED {test}: no Chromium. Install it, or name it with the variable CHROMIUM."
        );
    }
    found
}

/// The page with the scripts in it, and the style for `medium` in force everywhere.
fn driven(html: &str, medium: &str) -> String {
    let (screen, dark, print) = match medium {
        "dark" => ("@media not print", "@media all", "@media print"),
        "print" => ("@media not all", "@media not all", "@media all"),
        _ => ("@media not print", "@media not all", "@media print"),
    };
    for query in ["@media not print", "@media (prefers-color-scheme: dark)", "@media print"] {
        assert_eq!(html.matches(query).count(), 1, "{query}");
    }
    let html = html.replacen("@media print", "@media PAPER", 1).replacen("@media not print", screen, 1);
    let html = html.replacen("@media (prefers-color-scheme: dark)", dark, 1).replacen("@media PAPER", print, 1);
    let (head, rest) = html.split_once("<title>").expect("a title");
    let (body, end) = rest.rsplit_once("</body>").expect("a body");
    format!(
        "{head}<script>{}</script><title>{body}<script>{}</script></body>{end}",
        include_str!("browser/watch.js"),
        include_str!("browser/drive.js")
    )
}

/// What the script saw in a window of this width.
fn see(browser: &Path, folder: &Folder, html: &str, width: u32, medium: &str) -> Value {
    let name = format!("driven-{medium}-{width}.html");
    folder.write(&name, driven(html, medium));
    // No window is as narrow as a phone; a frame is.
    let open = if width < 500 { format!("frame-{width}.html") } else { name.clone() };
    if width < 500 {
        let tell =
            "addEventListener('message', (event) => { document.getElementById('findings').textContent = event.data; })";
        folder.write(
            &open,
            format!("<!DOCTYPE html><script>{tell}</script><iframe src=\"{name}\" style=\"width:{width}px;height:1000px;border:0\"></iframe><pre id=\"findings\"></pre>"),
        );
    }
    let profile = folder.path(&format!("profile-{medium}-{width}"));
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        .args(["--disable-component-update", "--no-first-run", "--disable-dev-shm-usage"])
        .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--window-size={},1000", width.max(500)))
        .arg(format!("file://{}", folder.path(&open).display()))
        .output()
        .expect("the browser starts");
    let dom = String::from_utf8_lossy(&output.stdout);
    let found = dom.rsplit_once("<pre id=\"findings\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let (found, _) = found.unwrap_or_else(|| panic!("no findings: {}", String::from_utf8_lossy(&output.stderr)));
    serde_json::from_str(&common::unescaped(found)).expect("JSON")
}

fn list<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    let list = value[key].as_array().unwrap_or_else(|| panic!("no {key} in {value}"));
    list.iter().map(|one| one.as_str().expect("a text")).collect()
}

/// Nothing is wrong that is wrong in any window and medium.
fn assert_sound(seen: &Value, width: u32) {
    assert_eq!(seen["width"], width);
    for key in ["wrong", "requests", "faint", "access"] {
        assert_eq!(list(seen, key), [""; 0], "{key} at {width}");
    }
    for state in ["first", "second", "third"] {
        assert_eq!(list(&seen[state], "overflow"), [""; 0], "{state} at {width}");
        assert_eq!(seen[state]["other"], 0, "what is in the other language is hidden");
    }
}

#[test]
fn readers_can_use_the_page() {
    let Some(browser) = chromium_or_skip("readers_can_use_the_page") else { return };
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let seen = see(&browser, &folder, &folder.text("data/out/report.html"), 1280, "light");
    assert_sound(&seen, 1280);

    let file = |name: &str| Csv::parse(&std::fs::read(folder.path(name)).expect("a file"));
    let (codings, answers) = (file("data/out/codings.csv"), file("data/responses.csv"));
    let codings: Vec<_> = codings.records().collect();
    let person = |id: &str| answers.records().find(|row| &row["回答者ID"] == id).expect("a respondent");
    let reserved = ["none", "satisfied", "na", "same"];
    let count = |holds: &dyn Fn(&common::Record<'_>) -> bool| {
        codings.iter().filter(|row| !reserved.contains(&&row["code"]) && holds(row)).count()
    };
    assert_eq!(seen["all"], count(&|_| true), "no theme of the sample has more than the page holds");
    assert_eq!(seen["question"]["count"], count(&|row| &row["question"] == "Q1"));
    assert_eq!(
        seen["question"]["said"],
        format!("{} / {}", shown_with_uncoded(&folder, "Q1"), all_with_uncoded(&folder))
    );
    assert_eq!(seen["group"]["count"], count(&|row| &person(&row["respondent_id"])["施設種別"] == "医師会病院"));
    assert_eq!(seen["stance"]["count"], count(&|row| &row["stance"] == "concern"));
    let with_word = count(&|row| person(&row["respondent_id"])[&row["question"]].contains("補助"));
    assert_eq!(seen["words"]["count"], with_word);
    assert!(with_word > 10);
    for filter in ["question", "group", "stance", "words"] {
        assert_eq!(seen[filter]["right"], true, "{filter}");
    }
    assert_eq!(seen["opened"], true, "what a search finds is open to see");
    assert_eq!(seen["reset"]["count"], seen["all"]);
    assert_eq!(seen["reset"]["closed"], true);
    // Whether a script may write to the clipboard is the browser's to decide.
    let copied = list(&seen, "copied");
    assert!(
        copied.len() == 2 && copied.iter().all(|told| ["コピーしました", "選択しました"].contains(told)),
        "{copied:?}"
    );

    let [first, second, third] = ["first", "second", "third"].map(|state| &seen[state]);
    assert_eq!([&first["lang"], &second["lang"], &third["lang"]], ["ja", "en", "ja"]);
    assert_eq!([&first["heading"], &second["heading"]], ["テーマと回答", "Themes and answers"]);
    assert_ne!(first["option"], second["option"]);
    assert_eq!(first["option"], third["option"]);
}

/// Quotations and answers without a code of a question: the filter counts both.
fn shown_with_uncoded(folder: &Folder, question: &str) -> usize {
    let html = folder.text("data/out/report.html");
    let lists = html.split("<ul class=\"quotes").skip(1).filter(|list| !list.starts_with(" examples"));
    let own = format!("<li data-question=\"{question}\"");
    lists.map(|list| list.split("</ul>").next().unwrap_or_default().matches(&own).count()).sum()
}

fn all_with_uncoded(folder: &Folder) -> usize {
    shown_with_uncoded(folder, "Q1") + shown_with_uncoded(folder, "Q2")
}

#[test]
fn it_fits_the_phone_the_dark_and_the_paper() {
    let Some(browser) = chromium_or_skip("it_fits_the_phone_the_dark_and_the_paper") else { return };
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let html = folder.text("data/out/report.html");
    assert_sound(&see(&browser, &folder, &html, 390, "light"), 390);
    let dark = see(&browser, &folder, &html, 1280, "dark");
    assert_sound(&dark, 1280);
    assert!(dark["printed"].as_u64() > Some(3));
    // A4 without its margins, 182 mm, in CSS pixels. Controls are not printed: the script
    // says so in place of a count, and that they cannot take the focus.
    let paper = see(&browser, &folder, &html, 688, "print");
    assert_eq!(paper["printed"], 0);
    for key in ["wrong", "requests", "faint"] {
        assert_eq!(list(&paper, key), [""; 0], "{key} on paper");
    }
    for state in ["first", "second"] {
        assert_eq!(list(&paper[state], "overflow"), [""; 0], "{state} on paper");
    }
}

/// The tests above can fail: a page with these mistakes is found out.
#[test]
fn a_broken_page_is_found_out() {
    let Some(browser) = chromium_or_skip("a_broken_page_is_found_out") else { return };
    let folder = Folder::small();
    folder.run_well(&["run", "study.toml", "--quiet"]);
    let html = folder.text("out/report.html");
    let broken = html.replacen(
        "<main",
        "<h1>二つめ</h1><p style=\"width:3000px\">はみ出す長い行です。<span style=\"position:absolute;left:2000px\">遠くに</span></p><p style=\"color:#bbb\">薄い</p><img src=\"http://page.invalid/pixel.png\" alt=\"\"><table><tr><th>見出し</th></tr></table><main",
        1,
    );
    let broken = broken.replacen("\"use strict\";", "\"use strict\"; setTimeout(() => missing(), 0);", 1);
    let seen = see(&browser, &folder, &broken, 1280, "light");
    let found = |key: &str, part: &str| {
        let list = list(&seen, key);
        assert!(list.iter().any(|one| one.contains(part)), "{part} in {list:?}");
    };
    found("wrong", "missing is not defined");
    found("wrong", "blocked: http://page.invalid/pixel.png");
    found("faint", "薄い");
    found("access", "one h1");
    found("access", "no caption");
    found("access", "without scope");
    assert!(list(&seen["first"], "overflow").iter().any(|one| one.contains("遠くに")), "{seen}");
    let sound = see(&browser, &folder, &html, 1280, "light");
    assert_eq!(list(&sound, "wrong"), [""; 0], "the same page without the mistakes");
    assert_eq!(list(&sound, "access"), [""; 0]);
}
