//! Small pages, and what is read from them.

use super::*;

fn page(path: &str, html: &str) -> Option<Page> {
    extract(&RawPage {
        path: path.into(),
        text: html.into(),
        weight: 1.0,
    })
}

fn prose(text: &str) -> Block {
    Block::Prose(text.into())
}

#[test]
fn the_main_part_becomes_blocks() {
    let html = "<html><head><title>Rc &amp; Arc - The Book</title><style>p{}</style></head><body><nav><p>menu</p></nav><main>\
        <h2 id=\"a\"><a href=\"#a\"><code>Rc&lt;T&gt;</code>, counted</a></h2><p>One\n  <em>two</em> <code>x</code>.</p>\
        <ul><li>first<li><p>second</p></li></ul><pre><code><span class=\"boring\">hidden\n</span>let a = 1;\n  b();\n</code></pre></main>\
        <footer>late</footer></body></html>";
    let page = page("a.html", html).unwrap();
    assert_eq!((page.title.as_str(), page.book.as_str()), ("Rc & Arc", "The Book"));
    let heading = Block::Heading {
        level: 2,
        text: "`Rc<T>`, counted".into(),
        anchor: "a".into(),
    };
    let (one, two) = (Block::Item("first".into()), Block::Item("second".into()));
    assert_eq!(
        page.blocks,
        [
            heading,
            prose("One two `x`."),
            one,
            two,
            Block::Code("let a = 1;\n  b();".into())
        ]
    );
}

#[test]
fn without_a_main_part_the_decoration_is_left_out() {
    let page = page(
        "a.html",
        "<title>T</title><body><nav>menu</nav><p>said<script>x < y</script></p><form>f</form></body>",
    )
    .unwrap();
    assert_eq!(page.blocks, [prose("said")]);
}

#[test]
fn a_redirect_is_no_page() {
    assert_eq!(
        page(
            "a.html",
            "<head><meta http-equiv=\"refresh\" content=\"0;URL=b.html\"></head><body><p>b</p></body>"
        ),
        None
    );
}

#[test]
fn a_method_of_rustdoc_stands_under_its_name() {
    let html = "<meta name=\"generator\" content=\"rustdoc\"><title>Vec in std::vec - Rust</title><main><h1>Struct <span>Vec</span></h1>\
        <section id=\"method.retain\" class=\"method\"><span class=\"since\">1.0.0</span><h4 class=\"code-header\">pub fn \
        <a>retain</a>&lt;F&gt;(&amp;mut self, f: F)<div class=\"where\">where\n F: FnMut(<code>&amp;T</code>),</div></h4></section>\
        <div class=\"docblock\"><p>Retains.</p></div><h2 id=\"trait-implementations\">Trait Implementations</h2><p>noise</p></main>";
    let page = page("std/vec/struct.Vec.html", html).unwrap();
    assert_eq!(page.title, "std::vec::Vec");
    let method = Block::Heading {
        level: 3,
        text: "`Vec::retain`".into(),
        anchor: "method.retain".into(),
    };
    let signature = Block::Code("pub fn retain<F>(&mut self, f: F) where F: FnMut(&T)".into());
    assert_eq!(page.blocks[1..], [method, signature, prose("Retains.")]);
}
