//! The words that masking goes by, all in one place.
//!
//! Every word stands as it does in folded text: half-width letters in lower case.

/// What names of facilities end in; the longest that fits is taken.
pub(super) const FACILITIES: [&str; 50] = [
    "病院",
    "医院",
    "クリニック",
    "診療所",
    "医師会",
    "歯科医師会",
    "薬剤師会",
    "看護協会",
    "健診センター",
    "検診センター",
    "検査センター",
    "衛生検査所",
    "医療センター",
    "メディカルセンター",
    "メジカルセンター",
    "成人病センター",
    "健康安心センター",
    "健康増進センター",
    "公衆衛生センター",
    "総合保健センター",
    "健康管理センター",
    "健康センター",
    "保健センター",
    "診断センター",
    "救命センター",
    "リハビリセンター",
    "がんセンター",
    "健診クリニック",
    "健診プラザ",
    "研究センター",
    "研究所",
    "予防協会",
    "予防医学協会",
    "健康財団",
    "保健所",
    "薬局",
    "歯科",
    "整骨院",
    "接骨院",
    "老人ホーム",
    "介護老人保健施設",
    "訪問看護ステーション",
    "ケアセンター",
    "大学",
    "短期大学",
    "高等学校",
    "看護学校",
    "専門学校",
    "学園",
    "厚生連",
];

/// What names of clinics end in where a person's name is right before (「山田内科」).
pub(super) const CLINICS: [&str; 12] = [
    "内科",
    "外科",
    "整形外科",
    "小児科",
    "眼科",
    "皮膚科",
    "耳鼻科",
    "耳鼻咽喉科",
    "産婦人科",
    "泌尿器科",
    "心療内科",
    "医院",
];

/// Facilities of which a place mostly has one, so that 「みなと市の健診センター」 names it.
pub(super) const ONE_A_PLACE: [&str; 8] = [
    "医師会病院",
    "医師会",
    "健診センター",
    "検診センター",
    "検査センター",
    "衛生検査所",
    "健診・検査センター",
    "保健所",
];

/// Public institutions and kinds of them, which name nobody who answered. Where one of
/// these is all that stands before the end of the word, nothing is masked.
pub(super) const INSTITUTIONS: [&str; 20] = [
    "日本医師会",
    "都道府県医師会",
    "郡市区医師会",
    "郡市医師会",
    "地区医師会",
    "地域医師会",
    "日本歯科医師会",
    "日本薬剤師会",
    "日本看護協会",
    "日本病院",
    "全日本病院",
    "日本医師会総合政策研究",
    "国立感染症研究所",
    "国立病院",
    "大学病院",
    "大学",
    "放送大学",
    "医師会病院",
    "医師会立病院",
    "日医総研",
];

/// Names of bodies that run many facilities: they name one only beside a place.
pub(super) const ORGANIZERS: [&str; 16] = [
    "赤十字",
    "日赤",
    "済生会",
    "厚生連",
    "労災",
    "自衛隊",
    "国立病院機構",
    "地域医療機能推進機構",
    "日本",
    "全国",
    "国際",
    "アジア",
    "世界",
    "欧米",
    "米国",
    "アメリカ",
];

/// Ordinary words that facilities are called after. They name one only where the word
/// for the facility follows.
pub(super) const NAME_WORDS: [&str; 58] = [
    "さくら",
    "桜",
    "ひまわり",
    "みどり",
    "緑",
    "あおぞら",
    "青空",
    "あおば",
    "青葉",
    "わかば",
    "若葉",
    "ひかり",
    "光",
    "のぞみ",
    "希望",
    "きぼう",
    "平和",
    "なごみ",
    "和",
    "やすらぎ",
    "ふれあい",
    "すこやか",
    "すみれ",
    "たんぽぽ",
    "つばさ",
    "かえで",
    "楓",
    "もみじ",
    "けやき",
    "いちょう",
    "くすのき",
    "杉の子",
    "松",
    "竹",
    "梅",
    "菊",
    "藤",
    "あさひ",
    "朝日",
    "旭",
    "富士",
    "みなと",
    "港",
    "かもめ",
    "つばめ",
    "こころ",
    "まごころ",
    "愛",
    "恵",
    "仁",
    "あけぼの",
    "ほほえみ",
    "にじ",
    "虹",
    "そよかぜ",
    "はなみずき",
    "なのはな",
    "こすもす",
];

/// Single characters before the word for a facility that make no name.
pub(super) const NO_NAME: &str =
    "大小中他各当本同自両全一二三現元旧新隣県市国村町区島公私多主親子都道府郡総単複外内別近遠名良悪型系科立";

/// Characters of which names of hospitals are made (仁愛, 慈恵).
pub(super) const AUSPICIOUS: &str = "仁愛恵慈徳寿光聖恩善誠";

/// Words with such a character that name nothing.
pub(super) const NOT_AUSPICIOUS: [&str; 8] = ["長寿", "道徳", "善意", "改善", "光学", "観光", "知恵", "光熱"];

/// Verbal nouns that stand inside names; any other one ends a name to its left.
pub(super) const INSIDE: [&str; 27] = [
    "附属",
    "付属",
    "総合",
    "共同",
    "検査",
    "検診",
    "健診",
    "管理",
    "予防",
    "救急",
    "研究",
    "教育",
    "看護",
    "介護",
    "療養",
    "記念",
    "協同",
    "訪問",
    "救命",
    "診断",
    "手術",
    "循環",
    "リハビリテーション",
    "綜合",
    "整形",
    "美容",
    "透析",
];

/// Nouns that no name goes across: 「福井県内病院」 names none.
pub(super) const BETWEEN: [&str; 34] = [
    "内", "外", "間", "側", "方面", "周辺", "近郊", "地方", "全域", "全体", "各地", "各", "他", "等", "など", "出身",
    "在住", "産", "系列", "系", "製", "民間", "中小", "個人", "県内", "市内", "都内", "府内", "道内", "区内", "町内",
    "国内", "県外", "市外",
];

/// Legal forms of companies, which stand before or behind a name.
pub(super) const COMPANIES: [&str; 6] = ["株式会社", "有限会社", "合同会社", "(株)", "(有)", "(同)"];

/// Legal forms of other bodies, which stand before a name.
pub(super) const BODIES: [&str; 14] = [
    "医療法人社団",
    "医療法人財団",
    "社会医療法人",
    "特定医療法人",
    "医療法人",
    "社会福祉法人",
    "一般財団法人",
    "公益財団法人",
    "一般社団法人",
    "公益社団法人",
    "学校法人",
    "npo法人",
    "特定非営利活動法人",
    "(医)",
];

/// Words behind a person's name.
pub(super) const TITLES: [&str; 52] = [
    "先生",
    "医師",
    "医長",
    "院長",
    "副院長",
    "前院長",
    "名誉院長",
    "様",
    "さま",
    "さん",
    "氏",
    "君",
    "くん",
    "ちゃん",
    "殿",
    "課長",
    "部長",
    "係長",
    "次長",
    "室長",
    "局長",
    "所長",
    "館長",
    "支店長",
    "店長",
    "事務長",
    "事務局長",
    "事務部長",
    "理事長",
    "専務",
    "専務理事",
    "常務",
    "理事",
    "監事",
    "会長",
    "副会長",
    "社長",
    "主任",
    "主査",
    "主事",
    "技師",
    "技師長",
    "看護師",
    "看護部長",
    "師長",
    "婦長",
    "保健師",
    "薬剤師",
    "教授",
    "准教授",
    "博士",
    "議員",
];

/// Titles that anybody has: a word that the dictionary lacks is a name before them, and
/// no name follows them.
pub(super) const POLITE: [&str; 5] = ["さん", "様", "さま", "氏", "先生"];

/// What given names often end in, where the analyzer does not know them.
pub(super) const GIVEN: &str = "子美代江枝恵郎太也哉介彦夫男雄士司畝治";

/// What surnames end in, where the analyzer takes them for other nouns.
pub(super) const SURNAMES: &str = "田山川村野島崎原藤林橋沢谷岡";

/// What names of shops end in (「池田屋さん」), and no given name.
pub(super) const SHOPS: &str = "屋店社軒堂荘亭家院館閣苑町村市県区府都寺宮駅川山海側方内外人員者";

/// Given names that are ordinary words as well; not taken for names without a title.
pub(super) const ORDINARY: [&str; 8] = ["ゆかり", "はじめ", "あかり", "みどり", "ひかり", "のぞみ", "めぐみ", "まこと"];

/// What a person's name is written behind.
pub(super) const LABELS: [&str; 18] = [
    "担当者名",
    "担当者",
    "担当医",
    "担当",
    "氏名",
    "お名前",
    "名前",
    "記入者名",
    "記入者",
    "記載者",
    "回答者名",
    "回答者",
    "責任者",
    "連絡先",
    "文責",
    "署名",
    "院長名",
    "代表者",
];

/// What stands behind 「担当：」 and is nobody's name.
pub(super) const NOBODY: [&str; 22] = [
    "部", "課", "係", "室", "科", "局", "班", "者", "員", "長", "中", "会", "所", "社", "先", "店", "未定", "不在",
    "不明", "不要", "兼務", "同上",
];

/// Prefectures.
pub(super) const PREFECTURES: &str = "北海道|青森県|岩手県|宮城県|秋田県|山形県|福島県|茨城県|栃木県|群馬県|埼玉県|千葉県|東京都|神奈川県|新潟県|富山県|石川県|福井県|山梨県|長野県|岐阜県|静岡県|愛知県|三重県|滋賀県|京都府|大阪府|兵庫県|奈良県|和歌山県|鳥取県|島根県|岡山県|広島県|山口県|徳島県|香川県|愛媛県|高知県|福岡県|佐賀県|長崎県|熊本県|大分県|宮崎県|鹿児島県|沖縄県";
