//! The five stages of an answer.

use forebay::prelude::*;

use crate::{
    checking::checked,
    model::{InferError, Model},
    records::{Answer, Completion, Content, Piece, Prompt, PromptRequest, Retrieved},
    search::{Index, IndexError, Question},
    template::Template,
};

/// Why nothing was retrieved.
#[derive(Debug, thiserror::Error)]
pub enum RagError {
    /// The question holds no word that could be looked for.
    #[error("the question says nothing that could be looked for")]
    Empty,
    /// No page speaks of it.
    #[error("no page speaks of this")]
    NothingFound,
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Finds the passages that speak of a question.
#[stage]
pub fn rag(request: PromptRequest, index: &Index) -> Result<Retrieved, RagError> {
    let mut question = Question::read(&request.question);
    if question.terms.is_empty() {
        return Err(RagError::Empty);
    }
    let passages = index.search(&mut question, request.top)?;
    if passages.is_empty() {
        Err(RagError::NothingFound)
    } else {
        Ok(Retrieved {
            request,
            question,
            passages,
        })
    }
}

/// Writes the prompt.
#[stage]
pub fn assemble(found: Retrieved, template: &Template) -> Prompt {
    let Retrieved {
        request,
        question,
        passages,
    } = found;
    let text = template.fill(&request.question, &passages);
    Prompt {
        session: request.session,
        request,
        text,
        question,
        passages,
    }
}

/// Asks the model.
#[stage]
pub async fn infer(prompt: Prompt, model: &mut Model) -> Result<Completion, InferError> {
    let (text, turn) = model.complete(&prompt).await?;
    let Prompt { request, passages, .. } = prompt;
    Ok(Completion {
        id: request.id,
        session: request.session,
        asked: request.asked,
        model: model.name().to_owned(),
        turn,
        text,
        passages,
    })
}

/// Checks what the model said: see [`checked`].
#[stage]
pub fn post(completion: Completion) -> Answer {
    checked(completion)
}

/// Cuts an answer into the pieces that a reader sees one after the other.
#[stage]
pub fn stream(answer: Answer) -> impl Iterator<Item = Piece> + Send + 'static {
    let Answer {
        id,
        session,
        asked,
        model,
        turn,
        parts,
        sources,
    } = answer;
    let parts = parts.into_iter().map(Content::Part);
    let end = [Content::Sources(sources), Content::End { model, turn, asked }];
    parts.chain(end).map(move |content| Piece { id, session, content })
}
