//! The pipeline that answers.

use forebay::{
    dead_letters::{DeadLetters, dead_letter_batch},
    prelude::*,
};

use crate::{
    letters::{note_failure, tell, unanswered, unfound, unkept},
    model::Model,
    records::{Notice, Piece, PromptRequest},
    search::Index,
    stages::{assemble, infer, post, rag, stream},
    template::Template,
};

/// A question that the input refused: whoever asked was told so at once, the ledger counts it, with the reason.
#[stage]
pub fn refused(shed: Shed<PromptRequest>) {
    drop(shed);
}

pipeline! {
    /// Answers questions from an index: five stages, each behind its own ring.
    ///
    /// All requests of a session meet the same worker of the model, in order. What comes when the input is full is refused, and so is
    /// what a session asks beyond its quota: one that floods does not starve the others.
    /// A request that fails is stored whole, and whoever asked is told.
    pub Orchestrator {
        budget 8MiB;
        drain  5s;

        input  requests: PromptRequest [512, shed, quota 256 per 1s by key, limit 100000 per 1s];
        output pieces:   Piece [256];
        output notices:  Notice [256];

        shared index:    Index;
        local  model:    Model;
        shared letters:  DeadLetters;
        shared template: Template = Template::default();

        requests -> rag(index) { workers: 2, blocking }
                 -[512]-> assemble(template)
                 -[1024, by key]-> infer(model) { workers: 4 }
                 -[512]-> post
                 -[256]-> stream -> pieces;

        rag.errors    -[128]-> unfound    -[128]-> dead_letter_batch(letters) { batch: 64, blocking } -> tell -> notices;
        infer.errors  -[128]-> unanswered -[128]-> dead_letter_batch;
        dead_letter_batch.errors -[64]-> unkept -> notices;
        errors        -[64]->  note_failure;
        requests.shed -[64]->  refused;
    }
}
