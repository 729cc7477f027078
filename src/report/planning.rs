//! A planned double coding, for people and for programs.

use serde_json::{Value, json};

use super::Grid;
use super::records::Records;
use crate::audit::{Assumptions, Sample, Scheme, Size, Sizes};
use crate::diagnostic::Lang;
use crate::statistics::{Defined, Undefined};

/// A plan, ready to be shown.
pub struct Planned<'p> {
    /// The study's names.
    pub scheme: &'p Scheme<'p>,
    /// What is to be reached.
    pub assumed: &'p Assumptions,
    /// What each label needs, in the order of [`Scheme::labels`].
    pub sizes: &'p [Sizes],
    /// The sample that was drawn, with its seed, and how many of its answers have each
    /// label by the rules.
    pub drawn: Option<(&'p Sample, u64, &'p [u64])>,
    /// The attribute by which the sample is stratified, besides the question.
    pub by: Option<&'p str>,
    /// The language of what people read.
    pub lang: Lang,
}

impl Planned<'_> {
    fn say<'s>(&self, ja: &'s str, en: &'s str) -> &'s str {
        if self.lang == Lang::Ja { ja } else { en }
    }

    fn answers(&self) -> u64 {
        self.sizes.first().map_or(0, |sizes| sizes.answers)
    }

    /// Tables, aligned for the terminal or in Markdown, with how they were computed.
    pub fn text(&self, markdown: bool) -> String {
        let set = |grid: Grid| if markdown { grid.markdown() } else { grid.terminal() };
        let mut out = format!("{}\n\n{}\n", self.head(), set(self.codes()));
        for line in self.notes() {
            out.push_str(&format!("{}{line}\n", if markdown { "- " } else { "" }));
        }
        if let Some((sample, seed, _)) = self.drawn {
            let (count, title) = (sample.units.len(), self.say("標本", "Sample"));
            let by = self.by.map_or_else(String::new, |by| format!(" × {by}"));
            let question = self.say("設問", "question");
            let mark = if markdown { "## " } else { "" };
            out.push_str(&format!(
                "\n{mark}{title}: n={count}, seed {seed} ({question}{by})\n\n{}\n",
                set(self.strata(sample))
            ));
            for line in self.sample_notes(sample) {
                out.push_str(&format!("{}{line}\n", if markdown { "- " } else { "" }));
            }
        }
        out
    }

    fn head(&self) -> String {
        let codebook = self.scheme.codebook;
        let (id, version, answers) = (&codebook.id, &codebook.version, self.answers());
        let Assumptions { width, level, kappa, precision, recall } = self.assumed;
        let level = level * 100.0;
        match self.lang {
            Lang::Ja => format!(
                "二重コーディングの計画: 回答 {answers} 件、ルール {id} {version}\n前提: {level}%区間の幅（下限から上限まで）{width}、κ {kappa}、適合率 {precision}、再現率 {recall}。--width などで変えられます。"
            ),
            Lang::En => format!(
                "Plan of a double coding: {answers} answers, rules {id} {version}\nAssumed: {level} % intervals of width {width} (bound to bound), κ {kappa}, precision {precision}, recall {recall}. Change them with --width and so on."
            ),
        }
    }

    fn codes(&self) -> Grid {
        let names = [
            self.say("コード", "Code"),
            self.say("該当", "Given"),
            "%",
            "κ・α",
            self.say("適合率", "Precision"),
            self.say("再現率", "Recall"),
            self.say("見落とし0なら", "If none missed"),
            self.say("標本", "Sample"),
            self.say("抽出分の該当", "Given in it"),
        ];
        let shown = if self.drawn.is_some() { 9 } else { 8 };
        let row = |(label, sizes): (usize, &Sizes)| {
            let percent = 100.0 * sizes.given as f64 / sizes.answers.max(1) as f64;
            let of = |size: Size| format!("{} / {}", size.needed, size.of);
            let all = self.say("すべて", "all");
            let read = |size: Size| if size.is_all() { format!("{all} {}", size.of) } else { of(size) };
            let kappa = |size: Size| match size.needed > size.of {
                true => format!("{all} {} (±{:.2})", size.of, size.width_of_all / 2.0),
                false => of(size),
            };
            let floor = |least: f64| format!("≥ {:.1}%", floor_percent(least));
            let mut cells = vec![
                self.scheme.name(label).get(self.lang).to_owned(),
                sizes.given.to_string(),
                format!("{percent:.1}"),
                cell(sizes.kappa, kappa),
                cell(sizes.precision, read),
                cell(sizes.recall, read),
                cell(sizes.recall_if_none, floor),
                cell(
                    sizes.sample,
                    |size| if size >= sizes.answers { format!("{all} {size}") } else { size.to_string() },
                ),
            ];
            cells.extend(self.drawn.map(|(_, _, given)| given[label].to_string()));
            cells
        };
        Grid {
            header: names[..shown].iter().map(|name| (*name).to_owned()).collect(),
            right: (0..shown).map(|at| at > 0).collect(),
            rows: self.sizes.iter().enumerate().map(row).collect(),
        }
    }

    fn notes(&self) -> Vec<&str> {
        let mut notes = vec![
            self.say(
                "κ・α: 2人が別々に判定する回答の数。ルールの該当の割合を出現率とみなした、大標本の分散による（Donner・Eliasziw 1992）。該当がわずかなコードでは目安。「すべて」の±は、全部を判定しても残る区間の半幅。",
                "κ・α: answers that two people code independently; large-sample variance, with the rules' share as prevalence (Donner and Eliasziw 1992). A rough guide where few answers have the code. The ± beside \"all\" is the half-width that remains when all are coded.",
            ),
            self.say(
                "適合率: ルールが該当とした回答のうち、人が読む数。Wilson の区間、有限母集団修正つき。",
                "Precision: answers with the code by the rules that a person reads. Wilson's interval with finite population correction.",
            ),
            self.say(
                "再現率: ルールが非該当とした回答のうち、人が読む数。見落としの割合の Wilson 区間（有限母集団修正つき）を再現率に直したもので、正しい該当は「適合率×該当」とみなす。",
                "Recall: answers without it that a person reads. Wilson's interval of the share that is missed (finite population correction), turned into recall; the true ones among those given are taken to be precision × given.",
            ),
            self.say(
                "見落とし0なら: その数を読んで見落としが1件もないときの、再現率の正確な下限（超幾何分布、片側）。",
                "If none missed: the exact lower bound of recall if none is found among those read (hypergeometric, one-sided).",
            ),
            self.say(
                "標本: 全回答から選ぶとき、上の3つの数がそろうと見込まれる大きさ。",
                "Sample: the size of a sample of all answers in which all three numbers are to be expected.",
            ),
        ];
        if self.sizes.iter().any(|sizes| sizes.kappa == Err(Undefined::NeverUsed)) {
            notes.push(
                self.say("–: ルールの該当が1件もなく、求められません。", "–: the rules give the code to no answer."),
            );
        }
        if self.sizes.iter().any(|sizes| sizes.kappa == Err(Undefined::NoVariation)) {
            notes.push(self.say(
                "κ・α の –: ルールがすべての回答を該当とし、求められません。",
                "– under κ・α: the rules give the code to every answer.",
            ));
        }
        notes
    }

    fn strata(&self, sample: &Sample) -> Grid {
        let unknown = self.say("不明", "unknown");
        let row = |own: &crate::audit::Stratum| {
            let mut cells = vec![own.question.clone()];
            cells.extend(self.by.map(|_| own.group.clone().unwrap_or_else(|| unknown.to_owned())));
            cells.extend([own.answers.to_string(), own.drawn.to_string()]);
            cells
        };
        let mut header = vec![self.say("設問", "Question").to_owned()];
        header.extend(self.by.map(str::to_owned));
        header.extend([self.say("回答", "Answers"), self.say("抽出", "Drawn")].map(str::to_owned));
        let texts = header.len() - 2;
        let right = (0..header.len()).map(|at| at >= texts).collect();
        Grid { header, right, rows: sample.strata.iter().map(row).collect() }
    }

    fn sample_notes(&self, sample: &Sample) -> Vec<&str> {
        let mut notes = vec![self.say(
            "各層の件数に比例して選び（最大剰余法、どの層も1件以上）、ルールの結果では選びません。そのため audit の数値に重みは要りません。",
            "Drawn in proportion to the strata (largest remainder, at least one of each), without regard to the rules; so what audit says of it needs no weights.",
        )];
        let size = sample.units.len() as u64;
        if sample.strata.iter().any(|own| own.drawn == 1 && size * own.answers < self.answers()) {
            notes.push(self.say(
                "1件に満たない層からも1件を選んだため、その層がわずかに多くなっています。",
                "Strata whose share is less than one answer gave one, so that they count a little too much.",
            ));
        }
        if sample.strata.iter().any(|own| own.drawn == 0) {
            notes.push(self.say(
                "標本が層の数より小さいため、1件も選ばれない層があります。",
                "The sample is smaller than the number of strata, so that some are left out.",
            ));
        }
        notes
    }

    /// Everything, as one object.
    pub fn json(&self) -> Value {
        let Assumptions { width, level, kappa, precision, recall } = *self.assumed;
        let size = |own: Defined<Size>| {
            value(own.map(|own| {
                json!({"needed": own.needed, "of": own.of, "all": own.is_all(), "width_of_all": own.width_of_all})
            }))
        };
        let code = |(label, own): (usize, &Sizes)| {
            json!({
                "code": self.scheme.labels()[label],
                "given": own.given,
                "kappa": size(own.kappa),
                "precision": size(own.precision),
                "recall": size(own.recall),
                "recall_if_none_missed": value(own.recall_if_none.map(Value::from)),
                "sample": value(own.sample.map(Value::from)),
                "given_in_sample": self.drawn.map(|(_, _, given)| given[label]),
            })
        };
        let stratum = |own: &crate::audit::Stratum| json!({"question": own.question, "group": own.group, "answers": own.answers, "drawn": own.drawn});
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "codebook": {"id": self.scheme.codebook.id, "version": self.scheme.codebook.version},
            "answers": self.answers(),
            "assumed": {"width": width, "level": level, "kappa": kappa, "precision": precision, "recall": recall},
            "codes": self.sizes.iter().enumerate().map(code).collect::<Vec<_>>(),
            "sample": self.drawn.map(|(sample, seed, _)| json!({
                "seed": seed,
                "size": sample.units.len(),
                "by": self.by,
                "strata": sample.strata.iter().map(stratum).collect::<Vec<_>>(),
            })),
        })
    }

    /// A row a code.
    pub fn records(&self) -> Records {
        let mut records = Records::new(&[
            "code",
            "label",
            "answers",
            "given",
            "kappa",
            "precision",
            "recall",
            "recall_if_none_missed",
            "sample",
            "undefined",
        ]);
        for (label, own) in self.sizes.iter().enumerate() {
            let needed =
                |size: Defined<Size>| size.map_or_else(|_| String::new(), |size| size.needed.min(size.of).to_string());
            records.rows.push(vec![
                self.scheme.labels()[label].clone(),
                self.scheme.name(label).get(self.lang).to_owned(),
                own.answers.to_string(),
                own.given.to_string(),
                needed(own.kappa),
                needed(own.precision),
                needed(own.recall),
                own.recall_if_none.map_or_else(|_| String::new(), |least| least.to_string()),
                own.sample.map_or_else(|_| String::new(), |size| size.to_string()),
                own.kappa.err().map_or_else(String::new, |reason| reason.id().to_owned()),
            ]);
        }
        records
    }
}

/// A bound is not rounded up.
fn floor_percent(share: f64) -> f64 {
    (share * 1_000.0).floor() / 10.0
}

fn cell<T>(value: Defined<T>, show: impl Fn(T) -> String) -> String {
    value.map_or_else(|_| "–".to_owned(), show)
}

fn value(value: Defined<Value>) -> Value {
    value.unwrap_or_else(|reason| json!({"undefined": reason.id()}))
}
