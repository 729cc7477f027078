//! Codes the free-text answers of Japanese surveys (アフターコーディング).
//!
//! A codebook says in rules which words make which code; this library applies the
//! rules to every answer alike, keeps the words that decided as evidence, and counts
//! people, not mentions. The data go one way, and a module imports only from those
//! before it:
//!
//! | stage | module | from → to |
//! | --- | --- | --- |
//! | read | [`study`], [`read`] | study file, CSV, TSV, XLSX or Parquet → [`survey::Survey`] |
//! | normalize | [`normalize`] | an answer → folded text with the way back to the original |
//! | tokenize | [`tokenize`] | folded text → morphemes, clauses and sentences |
//! | mask | [`mask`] | morphemes → what names people and facilities, and must not leave |
//! | match rules | [`rule`], [`codebook`] | rules of a codebook → words found in a unit |
//! | code | [`coding`] | codebook × answers → codings with stance and evidence |
//! | compare, convert | [`compare`], [`convert`] | two codebooks → changed answers; TOML, JSON, CSV, XLSX |
//! | tabulate | [`tabulate`] | codings × groups → counts with their bases |
//! | audit | [`audit`] | codings of several coders → agreement, with what it rests on |
//! | adjudicate | [`adjudicate`] | codings of people beside those of the rules → final codings |
//! | check | [`check`] | a codebook with its examples, and answers → what fails, what is doubtful |
//! | report | [`report`] | all of it → files and tables |
//! | accuracy | [`accuracy`] | codings × a gold coding → how well the rules do |
//! | explain | [`explain`] | one answer → why each code holds, or does not |
//! | stream | [`stream`] | answers without end → their codes, in constant memory |
//! | results | [`results`], [`verify`], [`diff`] | folders of results → are they what a run makes, and what changed |
//! | merge | [`merge`] | results of several runs → those of one |
//!
//! Beneath them lie [`span`] (a range of the respondent's own text), [`diagnostic`]
//! (messages with file, line, column and hint, in Japanese and English), [`config`]
//! (TOML and JSON whose every mistake can be pointed at) and [`statistics`] (intervals,
//! tests and what else is computed from counts alone).
//!
//! # One answer, coded
//!
//! ```
//! use aftercode::codebook::Codebook;
//! use aftercode::coding::Machine;
//! use aftercode::config::Source;
//! use aftercode::diagnostic::Diagnostic;
//! use aftercode::normalize::Normalizer;
//! use aftercode::tokenize::Tokenizer;
//!
//! # fn main() -> Result<(), Box<Diagnostic>> {
//! let codebook = Codebook::from_source(&Source::new(
//!     "codebook.toml",
//!     r#"
//! [codebook]
//! id = "example"
//! version = "1"
//!
//! [[axis]]
//! id = "theme"
//!
//! [[axis]]
//! id = "stance"
//! qualifies = "theme"
//! order = ["request"]
//!
//! [[code]]
//! id = "upkeep"
//! axis = "theme"
//! label = "サーバーの更新"
//! rule = "near(サーバー, 更新 | 入れ替える; 4)"
//!
//! [[code]]
//! id = "request"
//! axis = "stance"
//! label = "要望"
//! unit = "clause"
//! rule = "助かる | ほしい"
//! "#,
//! ))?;
//! let machine = Machine::new(codebook, Normalizer::shipped()?, Tokenizer::embedded(&[])?, None)?;
//!
//! // One worker a thread; it reuses its memory from answer to answer.
//! let mut worker = machine.worker();
//! let answer = "古いｻｰﾊﾞを入れ替えたいので、補助していただけると助かります";
//! let coded = worker.code(answer, &[], None)?;
//!
//! let [coding] = coded.codings.as_slice() else { panic!("one code holds") };
//! assert_eq!(machine.codebook().codes[coding.code].id, "upkeep");
//!
//! // The stance stands in a later clause of the sentence.
//! let stance = coding.stance.as_ref().expect("a stance");
//! assert_eq!(&*stance.id, "request");
//!
//! // Evidence is the respondent's own words, whatever was folded and inflected.
//! let words: Vec<&str> = coding.evidence.iter().map(|span| span.of(answer)).collect();
//! assert_eq!(words, ["ｻｰﾊﾞ", "入れ替え"]);
//!
//! // An answer that says nothing is a reserved code of its own and no theme.
//! let nothing = worker.code("特にありません。", &[], None)?;
//! let reserved = nothing.reserved.expect("a reserved code");
//! assert_eq!(machine.codebook().reserved[reserved].id, "none");
//! # Ok(())
//! # }
//! ```

pub mod accuracy;
pub mod adjudicate;
pub mod audit;
pub mod check;
pub mod codebook;
pub mod coding;
pub mod compare;
pub mod config;
pub mod convert;
pub mod diagnostic;
pub mod diff;
pub mod digest;
pub mod explain;
pub mod mask;
pub mod merge;
pub mod normalize;
pub mod read;
pub mod report;
pub mod results;
pub mod rule;
pub mod span;
pub mod statistics;
pub mod stream;
pub mod study;
pub mod survey;
pub mod tabulate;
pub mod tokenize;
pub mod verify;
