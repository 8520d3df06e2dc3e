// Package knowledge owns the finding of knowledge articles: what a base of them
// must do (Base), our own base in PostgreSQL's full text (Postgres), and the
// asking of several at once (Shelf).
//
// An article is found by words as an agent types them, the last one from its
// first letters on, by what is known of a call (category, queue, menu path), or
// both. French and English are stemmed each in its own way; accents do not count.
// Snippets are plain text in pieces, so that no article can put markup into a page.
//
// A base that is slow or dead never holds up an answer: who asks says how long it
// may take, and learns which base is missing. Outside bases (a wiki, an intranet)
// are further implementations of Base, held to the same contract by knowledgetest.
//
// Who asks says who reads (agentdesk.Reader), and finds nothing that names queues and
// none of the reader's. It never decides whose queues are whose, and never writes an
// article but by Put, which cmd/linekeeper calls when definitions come into force. agentdesk/api asks the
// Shelf.
package knowledge
