//! An audit on one screen: what a methods section needs.

use super::Audited;
use super::cells::{Cells, grid, label};
use crate::audit::{Block, Performance};
use crate::diagnostic::Lang;
use crate::report::Grid;
use crate::statistics::Undefined;

/// How many pairs of confused codes are shown.
const CONFUSED: usize = 6;

pub(super) fn text(audited: &Audited<'_>, markdown: bool) -> String {
    let mut page = Page { audited, markdown, cells: Cells::new(audited.lang), out: String::new() };
    page.head();
    page.codes(&audited.findings.main);
    page.whole(&audited.findings.main);
    page.stance(&audited.findings.main);
    page.parts();
    page.pairs();
    page.against();
    page.confused();
    page.foot();
    page.out
}

struct Page<'p> {
    audited: &'p Audited<'p>,
    markdown: bool,
    cells: Cells,
    out: String,
}

impl Page<'_> {
    fn say<'s>(&self, ja: &'s str, en: &'s str) -> &'s str {
        if self.audited.lang == Lang::Ja { ja } else { en }
    }

    fn title(&mut self, ja: &str, en: &str) {
        let title = self.say(ja, en).to_owned();
        let mark = if self.markdown { "## " } else { "" };
        let gap = if self.markdown { "\n\n" } else { "\n" };
        self.out.push_str(&format!("\n{mark}{title}{gap}"));
    }

    fn grid(&mut self, header: &[&str], rows: Vec<Vec<String>>) {
        self.put(&grid(header.iter().map(|name| (*name).to_owned()).collect(), rows));
    }

    fn put(&mut self, grid: &Grid) {
        self.out.push_str(&if self.markdown { grid.markdown() } else { grid.terminal() });
    }

    fn line(&mut self, line: &str) {
        let gap = if self.markdown { "\n" } else { "" };
        self.out.push_str(&format!("{gap}{line}\n"));
    }

    fn head(&mut self) {
        let audited = self.audited;
        let heading = self.say("コーダー間の一致", "Agreement of coders").to_owned();
        self.out.push_str(&format!("{}{heading}\n", if self.markdown { "# " } else { "" }));
        for file in &audited.codings.files {
            let name = file.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            let form = file.form.name(audited.lang);
            let (coded, given) = (file.coded, file.given);
            let line = match audited.lang {
                Lang::Ja => {
                    format!("{name}（{form}）: コーダー {}。判定 {coded} 件、コード {given} 件", file.coders.join("・"))
                }
                Lang::En => {
                    let coders = file.coders.join(", ");
                    format!("{name} ({form}): coder {coders}. Units coded {coded}, codes given {given}")
                }
            };
            self.line(&line);
        }
        if let Some((codebook, answers)) = &audited.rules {
            let rules = crate::report::RULES;
            let line = match audited.lang {
                Lang::Ja => format!("コーダー {rules}: コードブック {codebook} のルール。判定 {answers} 件"),
                Lang::En => format!("Coder {rules}: the rules of codebook {codebook}. Units coded {answers}"),
            };
            self.line(&line);
        }
    }

    /// The code's name for readers.
    fn label(&self, id: &str) -> String {
        let (scheme, lang) = (self.audited.scheme, self.audited.lang);
        scheme.map_or_else(|| id.to_owned(), |scheme| label(scheme.codebook, id, lang))
    }

    fn codes(&mut self, block: &Block) {
        let (coders, units, coded) = (block.coders.join("・"), block.units, block.coded);
        self.title(
            &format!("コードごと（{coders}。2人以上が判定した {units} 件、1人だけの {} 件は含まない）", coded - units),
            &format!(
                "Codes ({}; {units} units that two or more coded; those of a single coder, {}, are left out)",
                block.coders.join(", "),
                coded - units
            ),
        );
        let (scheme, lang) = (self.audited.scheme, self.audited.lang);
        let name = |id: &str| scheme.map_or_else(|| id.to_owned(), |scheme| label(scheme.codebook, id, lang));
        let grid = self.cells.codes(block, &name);
        self.put(&grid);
    }

    /// Whole sets, and the axis where there is one.
    fn whole(&mut self, block: &Block) {
        let sets = &block.sets;
        let same = self.cells.percent(sets.same);
        let alphas = sets.alphas.map(|(_, alpha)| {
            self.cells.with_interval(alpha.value, alpha.interval.map(|bootstrap| bootstrap.interval))
        });
        let [masi, jaccard, exact] = &alphas;
        let units = sets.units;
        let line = match self.audited.lang {
            Lang::Ja => format!(
                "コードの組（{units} 件）: 完全に同じ {same}、α MASI {masi}、Jaccard {jaccard}、完全一致 {exact}"
            ),
            Lang::En => {
                format!("Whole sets ({units} units): same {same}, α MASI {masi}, Jaccard {jaccard}, exact {exact}")
            }
        };
        self.line(&line);
        if let Some(axis) = &block.axis {
            self.nominal(axis, &["単一選択の軸", "As one axis"]);
        }
    }

    fn stance(&mut self, block: &Block) {
        let Some(axis) = &block.stance else { return };
        self.nominal(
            axis,
            &["立場（2人以上が同じテーマを付けた回答×テーマ）", "Stance (answer × theme that two or more gave)"],
        );
        if axis.units == 0 {
            return;
        }
        for of in &axis.agreement.pairs {
            let (first, second) = (&block.coders[of.first], &block.coders[of.second]);
            let corner = format!("{first} ＼ {second}");
            let used: Vec<usize> =
                (0..axis.categories.len()).filter(|at| of.pair.rows()[*at] + of.pair.columns()[*at] > 0).collect();
            let mut header = vec![corner];
            header.extend(used.iter().map(|at| self.label(&axis.categories[*at])));
            let row = |at: &usize| {
                let counts = used.iter().map(|other| of.pair.counts()[*at][*other].to_string());
                std::iter::once(self.label(&axis.categories[*at])).chain(counts).collect()
            };
            let rows = used.iter().map(row).collect();
            self.out.push('\n');
            self.grid(&header.iter().map(String::as_str).collect::<Vec<_>>(), rows);
        }
    }

    fn nominal(&mut self, axis: &crate::audit::Axis, [ja, en]: &[&str; 2]) {
        let own = &axis.agreement;
        let agree = self.cells.percent(own.coefficients.pa.value);
        let fleiss = self.cells.coefficient(own.coefficients.fleiss.value);
        let ac1 = self.cells.coefficient(own.coefficients.ac1.value);
        let alpha = self.cells.with_interval(own.alpha.value, own.alpha.interval.map(|bootstrap| bootstrap.interval));
        let mut pair = String::new();
        if let [only] = own.pairs.as_slice() {
            let kappa = self.cells.coefficient(only.pair.cohen().kappa);
            let test = self.cells.coefficient(only.pair.stuart_maxwell().map(|test| test.p));
            pair = format!(", κ {kappa}, Stuart–Maxwell p {test}");
        }
        let (title, units) = (self.say(ja, en).to_owned(), axis.units);
        let head = match self.audited.lang {
            Lang::Ja => format!("{title}: {units} 件、一致 {agree}"),
            Lang::En => format!("{title}: {units} units, agree {agree}"),
        };
        self.line(&format!("{head}{pair}, Fleiss κ {fleiss}, AC1 {ac1}, α {alpha}"));
    }

    fn parts(&mut self) {
        let parts = &self.audited.findings.parts;
        if parts.is_empty() {
            return;
        }
        self.title("設問と属性ごと（コードの組）", "By question and group (whole sets)");
        let rows = parts
            .iter()
            .map(|part| {
                let same = self.cells.percent(part.sets.same);
                let alphas = part.sets.alphas.map(|(_, alpha)| self.cells.coefficient(alpha.value));
                let by = if part.by == "question" { self.say("設問", "question") } else { part.by.as_str() };
                let name = format!("{by}: {}", part.name);
                [name, part.sets.units.to_string(), same].into_iter().chain(alphas).collect()
            })
            .collect();
        let header = ["", self.say("件", "n"), self.say("完全に同じ", "same"), "α MASI", "α Jaccard", "α exact"];
        self.grid(&header, rows);
    }

    fn pairs(&mut self) {
        let findings = self.audited.findings;
        if findings.coders.len() < 3 {
            return;
        }
        self.title("2人ずつ", "Each two coders");
        let grid = self.cells.pairs(findings);
        self.put(&grid);
    }

    fn against(&mut self) {
        let findings = self.audited.findings;
        let Some(gold) = &findings.gold else { return };
        self.title(&format!("正解 {gold} に対して"), &format!("Against the gold standard {gold}"));
        let header = match self.audited.lang {
            Lang::Ja => ["コーダー", "件", "完全に同じ", "適合率", "再現率", "F1", "マクロF1", "(コード)", "回答F1"],
            Lang::En => ["coder", "n", "same", "precision", "recall", "F1", "macro F1", "(codes)", "sample F1"],
        };
        let mut rows = Vec::new();
        for own in &findings.against {
            let performance = &own.performance;
            let macro_f1 = performance.macro_mean(Performance::f1);
            let mut row = vec![own.coder.clone(), performance.units.to_string(), performance.exact.to_string()];
            for value in [performance.micro.precision(), performance.micro.recall(), performance.micro.f1()] {
                row.push(self.cells.coefficient(value));
            }
            row.push(self.cells.coefficient(macro_f1.map(|(mean, _)| mean)));
            row.push(macro_f1.map_or(0, |(_, codes)| codes).to_string());
            row.push(self.cells.coefficient(performance.sample_f1));
            rows.push(row);
        }
        self.grid(&header, rows);
        let rules = crate::report::RULES;
        let shown = findings.against.iter().find(|own| own.coder == rules).or(findings.against.first());
        let Some(own) = shown else { return };
        self.title(
            &format!("{} のコードごと（正解 {gold}）", own.coder),
            &format!("Codes of {} (gold {gold})", own.coder),
        );
        let header = match self.audited.lang {
            Lang::Ja => ["コード", "正解", "検出", "一致", "適合率", "再現率", "F1", "MCC", "McNemar p", "Holm"],
            Lang::En => ["code", "cases", "found", "right", "precision", "recall", "F1", "MCC", "McNemar p", "Holm"],
        };
        let mut rows = Vec::new();
        for (at, id) in findings.labels.iter().enumerate() {
            let counts = &own.performance.labels[at];
            let mut row = vec![self.label(id)];
            row.extend(
                [counts.hits + counts.misses, counts.hits + counts.false_alarms, counts.hits].map(|n| n.to_string()),
            );
            for value in [counts.precision(), counts.recall(), counts.f1(), own.codes[at].mcc()] {
                row.push(self.cells.coefficient(value));
            }
            row.push(self.cells.coefficient(own.codes[at].mcnemar().map(|test| test.p)));
            row.push(self.cells.coefficient(own.holm[at].ok_or(Undefined::NoDisagreement)));
            rows.push(row);
        }
        self.grid(&header, rows);
    }

    fn confused(&mut self) {
        let all = self.audited.confused;
        if all.is_empty() {
            return;
        }
        let labels = &self.audited.findings.labels;
        let one = |own: &crate::audit::Confused| {
            let names = own.codes.map(|at| self.label(&labels[at]));
            format!("{} ⇔ {} ({})", names[0], names[1], own.answers)
        };
        let shown: Vec<String> = all.iter().take(CONFUSED).map(one).collect();
        let line = match self.audited.lang {
            Lang::Ja => format!("入れ替わりの多いコード（回答数）: {}", shown.join("、")),
            Lang::En => format!("Codes given in each other's place (answers): {}", shown.join(", ")),
        };
        self.out.push('\n');
        self.line(&line);
    }

    fn foot(&mut self) {
        for line in self.cells.foot(self.audited.bootstrap) {
            self.line(&line);
        }
    }
}
