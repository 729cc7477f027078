//! A check as a page for the terminal: what failed, what is doubtful, then tables.

use super::Checked;
use crate::check::{Finding, Lint, Study};
use crate::diagnostic::Lang;
use crate::report::terminal::{pad, pad_left, width};
use crate::survey::Survey;

/// The report as text, with a line break at its end.
pub fn check_page(checked: &Checked<'_>, lang: Lang) -> String {
    let mut out = String::new();
    for failure in &checked.report.failures {
        out.push_str(&failure.diagnostic.render(lang));
        out.push_str("\n\n");
    }
    for finding in &checked.report.findings {
        out.push_str(&named(finding, lang));
        out.push_str("\n\n");
    }
    out.push_str(&codes(checked, lang));
    out.push_str(&lints(&checked.report.findings, lang));
    if let Some(study) = &checked.report.study {
        out.push_str(&together(study, checked, lang));
        out.push_str(&untouched(study, lang));
    }
    out.push_str(&last_line(checked, lang));
    out
}

/// A message with the name of its lint: `注意[covered]: …`.
fn named(finding: &Finding, lang: Lang) -> String {
    let label = finding.diagnostic.severity.label(lang);
    finding.diagnostic.render(lang).replacen(label, &format!("{label}[{}]", finding.lint.id()), 1)
}

/// Rows of cells, the first `left` columns to the left, the others to the right.
fn aligned(rows: &[Vec<String>], left: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths).enumerate();
        let line = cells
            .map(|(column, (cell, width))| if column < left { pad(cell, *width) } else { pad_left(cell, *width) })
            .collect::<Vec<_>>()
            .join("  ");
        out.push_str(line.trim_end());
        out.push('\n');
        if at == 0 {
            out.push_str(&"─".repeat(widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1)));
            out.push('\n');
        }
    }
    out
}

/// Every code with its examples, its findings and, by question, its answers.
fn codes(checked: &Checked<'_>, lang: Lang) -> String {
    let study = checked.report.study.as_ref().zip(checked.survey);
    let mut header: Vec<String> = match lang {
        Lang::Ja => ["コード", "ラベル", "例", "反例", "注意"],
        Lang::En => ["code", "label", "examples", "counter", "findings"],
    }
    .map(str::to_owned)
    .to_vec();
    if let Some((study, survey)) = study {
        let questions = study.questions.iter();
        header.extend(
            questions.map(|question| format!("{}(n={})", survey.questions[question.question].id, question.answered)),
        );
    }
    let mut rows = vec![header];
    for (index, code) in checked.codebook.codes.iter().enumerate() {
        let [examples, counters] = checked.report.of_code(checked.codebook, index);
        let cell = |passed: usize, total: usize| if total == 0 { "-".to_owned() } else { format!("{passed}/{total}") };
        let findings = checked.report.findings.iter().filter(|finding| finding.code == Some(index)).count();
        let mut row = vec![
            code.id.clone(),
            code.label.get(lang).to_owned(),
            cell(examples.total - examples.failed, examples.total),
            cell(counters.total - counters.failed, counters.total),
            findings.to_string(),
        ];
        if let Some((study, _)) = study {
            row.extend(study.questions.iter().map(|question| {
                let share = question.hits[index];
                let percent = if share.base() == 0 { "-".to_owned() } else { format!("{}%", share.percent()) };
                format!("{:>4} {percent:>6}", share.count())
            }));
        }
        rows.push(row);
    }
    let mut out = aligned(&rows, 2);
    if let Some((study, survey)) = study {
        out.push_str(&bases(study, survey, lang));
    }
    out
}

fn bases(study: &Study, survey: &Survey, lang: Lang) -> String {
    let uncoded = study.questions.iter().map(|question| {
        let id = &survey.questions[question.question].id;
        match lang {
            Lang::Ja => format!("{id} {} 件", question.uncoded),
            Lang::En => format!("{id} {}", question.uncoded),
        }
    });
    let uncoded: Vec<String> = uncoded.collect();
    match lang {
        Lang::Ja => {
            format!(
                "%の母数 n は内容のある回答（「特になし」などを除く）。コードのない回答: {}。\n",
                uncoded.join("、")
            )
        }
        Lang::En => {
            format!(
                "Percent of n, the answers with content. Answers with content and without a code: {}.\n",
                uncoded.join(", ")
            )
        }
    }
}

/// How often each lint found something.
fn lints(findings: &[Finding], lang: Lang) -> String {
    let header: [&str; 3] = match lang {
        Lang::Ja => ["注意の種類", "件数", "意味"],
        Lang::En => ["lint", "findings", "meaning"],
    };
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for lint in Lint::ALL {
        let count = findings.iter().filter(|finding| finding.lint == lint).count();
        if count > 0 {
            rows.push(vec![lint.id().to_owned(), count.to_string(), lint.doc().get(lang).to_owned()]);
        }
    }
    if rows.len() == 1 { String::new() } else { format!("\n{}", aligned(&rows, 3)) }
}

fn together(study: &Study, checked: &Checked<'_>, lang: Lang) -> String {
    if study.together.is_empty() {
        return String::new();
    }
    let id = |code: usize| &checked.codebook.codes[code].id;
    let mut out = match lang {
        Lang::Ja => "\nいつも一緒に付くコード\n".to_owned(),
        Lang::En => "\nCodes that always go together\n".to_owned(),
    };
    for pair in &study.together {
        let (code, with, answers, with_answers) = (id(pair.code), id(pair.with), pair.answers, pair.with_answers);
        let same = answers == with_answers;
        let line = match (lang, same) {
            (Lang::Ja, true) => format!("  {code} と {with} は同じ {answers} 件に付く"),
            (Lang::Ja, false) => format!("  {code}（{answers} 件）には必ず {with}（{with_answers} 件）も付く"),
            (Lang::En, true) => format!("  {code} and {with} hold for the same {answers} answers"),
            (Lang::En, false) => format!("  {code} ({answers}) never goes without {with} ({with_answers})"),
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

fn untouched(study: &Study, lang: Lang) -> String {
    if study.untouched.is_empty() {
        return String::new();
    }
    let (shown, total) = (study.untouched.len(), study.untouched_total);
    let title = match lang {
        Lang::Ja => format!("\nどのルールも触れない語（全 {total} 語のうち、多くの回答にある順に {shown} 語）\n"),
        Lang::En => format!("\nWords that no rule touches ({shown} of {total}, those in most answers first)\n"),
    };
    let header: [&str; 3] = match lang {
        Lang::Ja => ["語", "品詞", "回答"],
        Lang::En => ["word", "part of speech", "answers"],
    };
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(study.untouched.iter().map(|word| vec![word.base.clone(), word.pos.clone(), word.answers.to_string()]));
    title + &aligned(&rows, 2)
}

fn last_line(checked: &Checked<'_>, lang: Lang) -> String {
    let report = checked.report;
    let (examples, counters, findings) = (report.examples, report.counter_examples, report.findings.len());
    let (file, id, version) = (checked.file.display(), &checked.codebook.id, &checked.codebook.version);
    match lang {
        Lang::Ja => format!(
            "\n{file}（{id} {version}）: 例 {} 件のうち不合格 {}、反例 {} 件のうち不合格 {}、注意 {findings} 件\n",
            examples.total, examples.failed, counters.total, counters.failed
        ),
        Lang::En => format!(
            "\n{file} ({id} {version}): {} of {} examples failed, {} of {} counter-examples failed, {findings} findings\n",
            examples.failed, examples.total, counters.failed, counters.total
        ),
    }
}
