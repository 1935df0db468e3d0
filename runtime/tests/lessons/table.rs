//! The list of lessons does not lie: each test that it names is there, and is a test.

use std::fs;
use std::path::Path;

/// The links of `docs/lessons.md`: the name of a test, and its file.
fn links(page: &str) -> Vec<(&str, &str)> {
    let links = page.split("[`").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once("`](../")?;
        Some((name, rest.split_once(')')?.0))
    });
    links.collect()
}

#[test]
fn every_test_that_the_lessons_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("docs/lessons.md")).unwrap();
    let links = links(&page);
    assert!(links.len() > 30, "{} tests are named", links.len());
    for (name, file) in links {
        let text = fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let found = text.split("fn ").skip(1).position(|after| {
            let after = after.strip_prefix(name);
            after.is_some_and(|after| after.starts_with('('))
        });
        let Some(at) = found else {
            panic!("{file} has no test `{name}`")
        };
        // What stands before it, back to the end of what was before.
        let before: String = text.split("fn ").take(at + 1).collect();
        let attributes = before.rsplit("\n\n").next().unwrap_or_default();
        assert!(
            attributes.contains("#[test]") || attributes.contains("::test"),
            "`{name}` in {file} is not a test"
        );
    }
}

/// Each row of the list names a test, or says why there is none yet.
#[test]
fn no_lesson_is_without_a_test_or_a_reason() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/lessons.md")).unwrap();
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| seen"));
    for row in rows {
        assert!(
            row.contains("[`") || row.contains("*later*") || row.contains("*by construction*"),
            "{row}"
        );
    }
}

/// Every option that the reference lists stands in a pipeline of a test here: one that nobody declares nobody has tested.
#[test]
fn every_option_of_the_reference_is_declared_in_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("../docs/language.md")).unwrap();
    let (_, section) = page.split_once("## Node options\n").unwrap();
    let (table, _) = section.split_once("\n#").unwrap();
    let options = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(option, _)| option);
    let mut tests = String::new();
    gather(&root.join("tests"), &mut tests);
    let mut count = 0;
    for option in options {
        count += 1;
        let word = option.split_once(':').map_or(option, |(word, _)| word);
        let declared = [format!("{{ {word}"), format!(", {word}"), format!("\n            {word}")];
        assert!(
            declared.iter().any(|text| tests.contains(text)),
            "no test declares `{option}`"
        );
    }
    assert!(count > 10, "{count} options");
}

fn gather(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => gather(&path, text),
            false => text.push_str(&fs::read_to_string(&path).unwrap()),
        }
    }
}
