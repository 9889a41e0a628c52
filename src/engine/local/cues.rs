//! Words that point to a field, and who must say them: the lexical half of the scorer's evidence.

use super::words::{Phrases, Words, phrases};
use crate::domain::field::Field;
use crate::domain::transcript::Side;

/// How strongly the words of a clause point to a field, 0 to 1.
pub(super) fn strength(field: Field, words: &Words) -> f32 {
    let Some((strong, weak)) = lists(field) else { return 0.0 };
    let strong = if words.any(strong) { 0.6 } else { 0.0 };
    let weak = 0.2 * words.count(weak).min(3) as f32;
    f32::min(strong + weak, 1.0)
}

/// Whose words a field's findings are, where it matters.
pub(super) const fn side(field: Field) -> Option<Side> {
    match field {
        Field::WhyBought | Field::SuccessCriteria | Field::Objection | Field::Politics => Some(Side::Customer),
        _ => None,
    }
}

/// Words that rarely mean anything else, and words that need company; none for what `promise` and `people` read.
fn lists(field: Field) -> Option<(&'static Phrases, &'static Phrases)> {
    Some(match field {
        Field::WhyBought => (&WHY_BOUGHT, &WHY_BOUGHT_WEAK),
        Field::SuccessCriteria => (&SUCCESS_CRITERIA, &SUCCESS_CRITERIA_WEAK),
        Field::Scope => (&SCOPE, &SCOPE_WEAK),
        Field::Timeline => (&TIMELINE, &TIMELINE_WEAK),
        Field::Technical => (&TECHNICAL, &TECHNICAL_WEAK),
        Field::Objection => (&OBJECTION, &OBJECTION_WEAK),
        Field::Competitor => (&COMPETITOR, &COMPETITOR_WEAK),
        Field::Risk => (&RISK, &RISK_WEAK),
        Field::Pricing => (&PRICING, &PRICING_WEAK),
        Field::Politics => (&POLITICS, &POLITICS_WEAK),
        Field::Relationship => (&RELATIONSHIP, &RELATIONSHIP_WEAK),
        Field::Commitment | Field::Stakeholder => return None,
    })
}

/// Whether the clause speaks of the terms of the contract: their numbers are no measure of success.
pub(super) fn is_about_terms(words: &Words) -> bool {
    words.any(&TERMS)
}

phrases! {
    TERMS = "\
        renewal | price cap | discount* | payment* | half yearly | quarterly billing | invoice* | invoicing | per user | list \
        price | fee | fees | net thirty | net sixty | surcharge*";
    WHY_BOUGHT = "\
        the reason we | reason why we | that is why we | what triggered | the trigger | wake up call | last \
        straw | cost us | costing us | by hand | manually | spreadsheet* | on paper | whiteboard | we lost | we \
        were down | we got fined | fined | penalty | wrote us up | failed the audit | audit finding | probation \
        | keeps me up | we can not keep | in his head | in her head | in somebody's head | falling through the \
        cracks | fell through | what sold me | what convinced | why we picked | we chose you | we picked you | \
        the board wants | the board told | mandate* | sick of | tired of | nobody knew | waste* | drowning";
    WHY_BOUGHT_WEAK = "\
        hours a week | every week | every day | last year | broke | broken | incident* | late | missed | lost | \
        complain* | error* | mistake* | overtime | pain* | problem* | growing | acquisition | acquired | audit* \
        | regulat* | compliance | board | renewal | urgent* | pressure | double entry | twice | phone calls | \
        chasing | turnover | no shows";
    SUCCESS_CRITERIA = "\
        success look* | success for me | success would | success is | call it a success | call that a success | \
        happy man | happy woman | i would be happy | i will be happy | worth it | what good looks like | first \
        win | quick win | first quick | get me to | get us under | get us to | get it under | get it down | cut \
        in half | did not work | how we will measure | measure it by | measured by | our goal | my goal | the \
        goal is | the target is | kpi* | i want to see | pays for itself | paid for itself | judge it by | judge \
        this | my number";
    SUCCESS_CRITERIA_WEAK = "\
        percent | under | below | at least | reduce* | cut | from | down to | up to | by the end | within | \
        first month | ninety days | goal* | target* | improve* | metric* | measure* | success* | days instead | \
        instead of | half";
    TIMELINE = "\
        go live | goes live | going live | be live | deadline* | blackout | freeze | frozen | shutdown | shut \
        down | nobody touches | nobody does anything | can not touch | kickoff | kick off | expires | expire* | \
        runs out | contract ends | renews | cutover | cut over | can not move | hard date | hard stop | has to \
        be in place | peak season | no changes between | audit is | inspection | they are coming | pilot starts \
        | in production | switched off | end of life";
    TIMELINE_WEAK = "\
        by | before | until | from | through | start* | begin* | live | pilot* | launch* | milestone* | ready | \
        visit* | audit* | season | school | holiday* | inventory";
    TECHNICAL = "\
        integrat* | api | apis | single sign on | sso | saml | oidc | active directory | entra | okta | mfa | \
        two factor | multi factor | erp | crm | database* | on premise* | on prem | server* | firewall* | vpn | \
        wi fi | wifi | csv | sftp | ftp | xml | json | hl7 | fhir | edi | webhook* | middleware | data center | \
        data centre | hosted in | hosting | encrypt* | sap | salesforce | netsuite | oracle | dynamics | workday \
        | servicenow | sharepoint | excel | access point* | ldap | scanner* | tablet* | android | ios | browser* \
        | offline | network | migrat* | interface* | connector* | sandbox | test environment | staging | gdpr | \
        data residency | backup* | plc | scada | bandwidth | legacy | records";
    TECHNICAL_WEAK = "\
        system* | data | export* | import* | file* | we run | we use | running on | runs on | version | device* \
        | phone* | print* | master data | duplicates | connect* | sync* | log in | login* | password* | cloud | \
        it department | field* | format";
    OBJECTION = "\
        my worry | my concern | our concern | concern* | worried | worries | what bothers | bothers me | not \
        comfortable | uncomfortable | nervous | hesitant | hesitat* | skeptic* | sceptic* | burned | burnt | too \
        expensive | too much money | a lot of money | not convinced | i do not see | do not trust | i am not \
        sure | not sold | pushback | push back | deal breaker | dealbreaker | show stopper | showstopper | \
        scare* | afraid | will not accept | refuse* | do not want | i have a problem with | i do not like | too \
        complicated | fell apart | almost killed | almost walked | grievance | not acceptable | spying | track \
        them | tracking | hate* | uneasy | what if it | red line | object to";
    OBJECTION_WEAK = "\
        but | honestly | why should | risk* | expensive | price* | trust | privacy | security | too | union | \
        works council | staff | last time | never";
    COMPETITOR = "\
        competitor* | other vendor* | another vendor | the incumbent | incumbent | also looked at | also looking \
        at | looked at | we evaluated | shortlist* | short list | ruled out | ruled them out | up against | \
        cheaper than you | build it ourselves | build our own | built our own | building it ourselves | in house \
        | their demo | their price | their quote | other quote | second quote | do nothing | stay with | switch \
        from | we tried | we had a tool | they could not | other bid* | the other bid | rfp | the alternative | \
        alternatives | versus you | compared you";
    COMPETITOR_WEAK = "\
        cheaper | instead of | they | their | other | offer* | demo | quote | previous | competition | dropped | \
        bought | stopped using";
    RISK = "\
        biggest risk | largest risk | risk is | at risk | risky | my fear | biggest fear | if he leaves | if she \
        leaves | if they leave | is leaving | retiring | retires | on leave | maternity | stretched | nobody to \
        spare | to spare | short staffed | short of staff | understaffed | no bandwidth | not have the people | \
        not have anybody | no owner | does not have anybody | budget freeze | freeze things | hiring freeze | \
        layoff* | reorg* | restructur* | merger | could derail | derail* | slip* | at capacity | single point | \
        depends on him | depends on her | if that slips | in doubt | cut the budget | go on strike | not \
        cooperate | does not cooperate | same people | on vacation | nobody knows | resign* | wears two hats | \
        covering for | no time for this";
    RISK_WEAK = "\
        if | unless | late | delay* | depend* | worst case | leaves | alone | only one | one person | nobody | \
        budget | union | resource* | busy | vacant | gone";
    PRICING = "\
        discount* | list price | per user | a user | per seat | a seat | per month | price per | come down | go \
        lower | our budget | budget is | over budget | payment terms | net thirty | net 30 | net 45 | net 60 | \
        invoiced | one time fee | setup fee | implementation fee | multi year | three year term | total comes | \
        percent off | per device | per location | annual fee | subscription fee | price increase";
    PRICING_WEAK = "\
        price* | cost* | fee* | budget* | dollar* | euro* | pound* | quote | term | annually | thousand | year | \
        payable";
    POLITICS = "\
        between us | off the record | do not tell | did not hear it from me | turf | politic* | do not get along \
        | wanted the job | resent* | reports to | reporting to | go around | power struggle | behind his back | \
        behind her back | does not listen to | his baby | her baby | old guard | camp | factions | grudge | \
        feels passed over | passed over | takes the credit | in front of him | in front of her";
    POLITICS_WEAK = "\
        against | fight* | department* | boss | blame* | jealous* | side | boss's";
    RELATIONSHIP = "\
        call me | do not email | do not read email | do not read mail | in writing | text me | prefers | prefer \
        a | i prefer | hates slides | no slides | straight talker | straight shooter | small talk | best time to \
        reach | best way to reach | copy me | cc me | do not schedule | not on fridays | likes it when | sense \
        of humor | coaches | marathon | by telephone | not by phone | first name basis | call him | call her | \
        likes to";
    RELATIONSHIP_WEAK = "\
        phone | email | mornings | afternoons | kids | daughter | son | wife | husband | dog | vacation | \
        football | soccer | fishing | golf | before seven | directly";
    SCOPE = "\
        in scope | out of scope | not in scope | scope | phase one | phase two | first phase | second phase | \
        leave those out | leave that out | leave out | not part of | excluded* | exclude* | not included | not \
        covered | start with just | starting with | not doing | not buying | only for | we are buying | you are \
        buying | not maintained | later phase | we keep that where | stays where it is | not connecting | keep \
        out";
    SCOPE_WEAK = "\
        modules | module | licenses | licences | seats | users | sites | locations | package | edition | tier | \
        pilot* | departments | covers | includes | first | only | everything except | all of | rollout | use \
        case*";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_written_the_way_words_are() {
        for (strong, weak) in Field::ALL.into_iter().filter_map(lists) {
            for stem in strong.stems().chain(weak.stems()) {
                assert_eq!(Words::of(&stem).iter().collect::<Vec<_>>().join(" "), stem);
            }
        }
    }

    #[test]
    fn strong_cues_outweigh_weak_ones() {
        let strong = strength(Field::Competitor, &Words::of("We also looked at another vendor"));
        let weak = strength(Field::Competitor, &Words::of("They were cheaper"));
        assert!(strong > weak && weak > 0.0 && strong <= 1.0);
    }
}
