//! Words and what they are worth: which say nothing, which little, which the same.

/// Words that say nothing about the subject of a question.
pub(super) fn is_stop_word(word: &str) -> bool {
    const STOP: &str = " a about actually all also am an and any are aren as at be because been being best between both but by can could \
        couldn did didn do does doesn doing don done each else ever explain few for from get give gets getting go good got had has hasn have \
        haven having he her here his how i if in instead into is isn it its just let like ll make makes many may me mean meaning means might \
        more most much must my need needs no not of off on once one only or other our out over please possible properly really rust s same \
        shall she should so some something such t tell than that the their them then there these they thing things this those through to too \
        try up us use used using ve very via want was wasn way ways we well were what when where whether which while who why will with within \
        without won work works would wouldn yes yet you your difference differences differ different vs versus example examples compare \
        happen happens exactly ";
    STOP.contains(&format!(" {word} "))
}

/// Verbs that tell little of what is asked.
pub(super) fn goes_with_anything(term: &str) -> bool {
    matches!(
        term,
        "write"
            | "creat"
            | "handl"
            | "run"
            | "add"
            | "call"
            | "declar"
            | "defin"
            | "implement"
            | "check"
            | "find"
            | "build"
            | "set"
            | "treat"
            | "type"
            | "valu"
            | "keyword"
            | "two"
            | "correct"
            | "start"
    )
}

/// Other words for the same thing.
pub(super) fn same(term: &str) -> &'static [&'static str] {
    match term {
        "integ" => &["number"],
        "number" => &["integer"],
        "vector" => &["vec", "slice"],
        "vec" => &["vector"],
        "dictionari" | "dict" => &["hashmap"],
        "lambda" => &["closure"],
        "interfac" => &["trait"],
        "packag" | "librari" => &["crate"],
        "condit" => &["predicate"],
        "delet" => &["remove"],
        "cli" => &["command"],
        "stderr" => &["eprintln"],
        "convert" => &["parse"],
        _ => &[],
    }
}

/// Words of like meaning that people bring from other languages. Stems on the left.
pub(super) fn alike(term: &str) -> &'static [&'static str] {
    match term {
        "op:?" => &["question", "mark", "propagate"],
        "dictionari" | "dict" => &["hashmap", "map"],
        "lambda" => &["closure"],
        "null" | "nil" => &["option", "none"],
        "except" => &["panic", "error", "result"],
        "interfac" => &["trait"],
        "inherit" => &["trait"],
        "array" => &["slice"],
        "list" => &["vec", "vector"],
        "vector" => &["vec", "slice"],
        "vec" => &["vector"],
        "convert" => &["from", "into", "conversion"],
        "iter" => &["loop", "iterator"],
        "loop" => &["iterate"],
        "remov" | "delet" => &["remove", "delete", "retain"],
        "append" | "add" => &["push", "insert", "append"],
        "length" | "size" => &["len"],
        "concaten" | "join" => &["concatenate", "join", "append"],
        "print" => &["println", "print"],
        "singleton" => &["oncelock", "static"],
        "lock" => &["mutex"],
        "channel" => &["mpsc"],
        "packag" => &["crate"],
        "librari" => &["crate"],
        "depend" => &["crate"],
        "creat" => &["spawn", "new", "construct"],
        "integ" | "number" => &["integer", "number", "parse"],
        "sleep" | "wait" => &["sleep"],
        "argument" => &["arg", "parameter"],
        "command" => &["command", "process"],
        "generic" => &["generic"],
        "polymorph" => &["trait", "generic"],
        "copi" | "duplic" => &["clone", "copy"],
        _ => &[],
    }
}
