//! Words that tell labels from other words before a colon.

use std::collections::HashSet;
use std::sync::LazyLock;

/// A list of words in small letters.
pub(super) type Words = LazyLock<HashSet<&'static str>>;

/// Words that are no part of a name but do stand before colons.
pub(super) static NOT_NAMES: Words = LazyLock::new(|| {
    words(
        "a action actions actually agenda also an and answer appendix assumption attendees background because bottom \
    blocker blockers budget but caution cc challenge clause commercial compelling competitor competitors concern conclusion context criteria currency date deadline decision decisions \
    deliverables duration economic example exhibit fact fees finally first firstly follow-up fourth friday from fw fwd goal goals he \
    hello here hi honestly how i idea identified if important issue it item items key last line listen location look maybe \
    meaning meeting metrics milestone milestones monday my next no note notes now objection objections ok okay one open option or our outcome owner phase plan plus \
    point points price pricing priority problem process ps question questions quick re reason recap remember reminder requirement requirements \
    result right risk risks saturday scope second secondly section she so solution sorry stakeholder stakeholders status step steps still subject success \
    summary sunday sure takeaway takeaways tasks term thanks that the then there they thing things third this \
    three thursday timeline title tl;dr to today todo tomorrow topic total tuesday two update wait warning we \
    wednesday well what when where which who why yes you your",
    )
});
/// Single words that head the entries of notes (`Risiko: …`, `Próximos: …`); as part of a longer label they can be surnames.
pub(super) static ENTRIES: Words = LazyLock::new(|| {
    words(
        "accord acción actie ação afspraak aktion aktionen anmerkung antwort aufgabe aufgaben ausblick \
    azione besluit blocker blockers budgets calendrier champion company competition competitor competitors compte conclusión \
    conclusione contact contacts contexte contexto criteria datum decisie decisione decisión decisão demande domanda doel \
    délai décision décisions échéance enjeu enjeux entscheidung entscheidungen equipo ergebnis esempio exemple fazit fecha \
    feedback firma follow frage fragen frist fristen hinweis hinweise importante laufzeit maßnahme maßnahmen metric metrics \
    need needs nota notas notiz notizen objectif objectifs objetivo objetivos obiettivo offen offre opmerking ort pain paso \
    pasos phasen planning plazo pregunta preguntas preis preise presupuesto prezzo prijs prix problem problema problemas \
    probleme problème prochaines projekt projet proyecto punkt punkte punt q questão remarque rischio rischi \
    riesgo riesgos risco riscos risico risiko risiken risque risques respuesta resumen resumo riepilogo résumé \
    samenvatting scadenza schritt schritte stage stakeholder stakeholders stand suite sujet tarea tareas tarefa tarefas tema \
    temas tech teilnehmer termin termine thema themen ticket tickets todos umfang volgende vorschlag vorteil vraag \
    vragen wichtig ziel ziele zeitplan zusammenfassung étape étapes",
    )
});
/// Small words inside names.
pub(super) static PARTICLES: Words = LazyLock::new(|| {
    words(
        "af al ben bin da das de degli del della den der di do dos du el ibn la las le los ten ter van vom von y zu zum zur",
    )
});

fn words(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}
