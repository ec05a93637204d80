//! What happens in the demonstration: a city that does not exist, its agencies, its citizens, and what they say.

use super::pictures::Motif;
use crate::federation::signatures::Dialect;

pub(super) const CITY: &str = "City of Rivemont";
pub(super) const ABOUT: &str = "Rivemont is a city that exists only in this demonstration of Actapub. Its agencies \
    speak here, and its citizens answer from the servers they live on.";

/// Somebody in the city's service.
pub(super) struct Agency {
    pub(super) handle: &'static str,
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    pub(super) links: &'static [(&'static str, &'static str)],
    pub(super) language: &'static str,
    pub(super) accent: &'static str,
    pub(super) avatar: (Motif, &'static str),
    pub(super) header: (Motif, &'static str),
}

pub(super) const AGENCIES: [Agency; 3] = [
    Agency {
        handle: "water",
        name: "Rivemont Water",
        summary: "Drinking water, rivers and drains for 84,000 people. We announce works **before** they start and \
            answer here on working days, 8:00 to 17:00. A burst main? Call 0555 0100, at any hour.",
        links: &[
            ("Website", "https://water.rivemont.example/"),
            ("Report a leak", "https://water.rivemont.example/leaks"),
        ],
        language: "en",
        accent: "#0b5f8a",
        avatar: (Motif::Drop, "A white drop of water on blue"),
        header: (Motif::Hills, "The river Aure between green hills"),
    },
    Agency {
        handle: "transit",
        name: "Transports de Rivemont",
        summary: "Tramways, bus et bacs. **Trams, buses and ferries.** Nous répondons en français et en anglais, \
            tous les jours de 6 h à 22 h.",
        links: &[
            ("Horaires · Timetables", "https://transit.rivemont.example/"),
            ("Accessibilité", "https://transit.rivemont.example/acces"),
        ],
        language: "fr",
        accent: "#a3362a",
        avatar: (Motif::Tram, "Un tramway blanc sur fond rouge"),
        header: (Motif::Night, "La ville la nuit, les fenêtres éclairées"),
    },
    Agency {
        handle: "culture",
        name: "Rivemont Culture & Libraries",
        summary: "Five libraries, one museum and a festival that does not end before midnight. Everybody is welcome; \
            admission is free for everybody under 25.",
        links: &[
            ("Programme", "https://culture.rivemont.example/"),
            (
                "Library catalogue",
                "https://culture.rivemont.example/catalogue",
            ),
        ],
        language: "en",
        accent: "#6b3f86",
        avatar: (Motif::Sun, "A yellow sun above a violet horizon"),
        header: (Motif::Lanterns, "Paper lanterns above the old harbour"),
    },
];

/// The folder of the county's server, and its name in the city's policy.
pub(super) const COUNTY: &str = "county";
pub(super) const COUNTY_NAME: &str = "Aure County";
pub(super) const COUNTY_ABOUT: &str = "The county to which the city of Rivemont belongs, on a server of its own. Each \
    of the two servers is a witness for what the other puts on record.";

pub(super) const COUNTY_AGENCIES: [Agency; 1] = [Agency {
    handle: "clerk",
    name: "Aure County Clerk",
    summary: "The county's records, elections and deeds. We keep a copy of nothing and an eye on everything.",
    links: &[("Website", "https://clerk.aure.example/")],
    language: "en",
    accent: "#3d5a3d",
    avatar: (Motif::Hills, "Green hills"),
    header: (Motif::Sun, "The sun above the county"),
}];

/// Somebody with an account on the other server.
pub(super) struct Citizen {
    pub(super) handle: &'static str,
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) follows: &'static [&'static str],
    /// How their requests are signed: servers out there do either.
    pub(super) dialect: Dialect,
}

const fn citizen(
    handle: &'static str,
    name: &'static str,
    about: &'static str,
    follows: &'static [&'static str],
) -> Citizen {
    Citizen {
        handle,
        name,
        about,
        follows,
        dialect: Dialect::Cavage,
    }
}

pub(super) const CITIZENS: [Citizen; 12] = [
    citizen(
        "lea",
        "Léa Fontaine",
        "Baker, rue du Moulin. Up before you.",
        &["water", "transit"],
    ),
    citizen(
        "omar",
        "Omar Haddad",
        "Nurse. Night shifts and tea.",
        &["water", "culture"],
    ),
    citizen(
        "ines",
        "Inês Duarte",
        "Two children, one cargo bike.",
        &["water", "transit", "culture"],
    ),
    citizen(
        "walter",
        "Walter Brandt",
        "Retired surveyor. I still measure things.",
        &["water"],
    ),
    citizen(
        "noor",
        "Noor",
        "Student of hydrology. Ask me about aquifers!",
        &["water", "culture"],
    ),
    citizen(
        "jean_paul",
        "Jean-Paul K.",
        "Usager de la ligne 4 depuis 1998.",
        &["transit"],
    ),
    citizen(
        "mireille",
        "Mireille Aubert",
        "Bibliothécaire à la retraite, lectrice à plein temps.",
        &["culture", "transit"],
    ),
    citizen(
        "tomasz",
        "Tomasz Zieliński",
        "I fix bicycles and complain about kerbs.",
        &["transit", "water"],
    ),
    Citizen {
        dialect: Dialect::Message,
        ..citizen(
            "grace",
            "Grace Okafor",
            "Wheelchair user, tram enthusiast, in that order.",
            &["transit", "culture"],
        )
    },
    Citizen {
        dialect: Dialect::Message,
        ..citizen(
            "yael",
            "יעל לוי",
            "Choir, garden, river.",
            &["culture", "water"],
        )
    },
    citizen(
        "sam",
        "Sam",
        "they/them · photographs of fog",
        &["culture", "water"],
    ),
    citizen(
        "pavel",
        "Pavel Novák",
        "Landlord of the Ferryman's Rest.",
        &["water", "transit", "culture"],
    ),
];

/// Where something is said: in answer to an announcement, or to what a citizen said.
#[derive(Debug, Clone, Copy)]
pub(super) enum To {
    Announcement(&'static str),
    Reply(&'static str),
}

/// One thing that happens. Things are named by short words, so that a later one can refer to them.
pub(super) enum Act {
    Announce {
        name: &'static str,
        agency: &'static str,
        language: &'static str,
        warning: Option<&'static str>,
        text: &'static str,
        pictures: &'static [(Motif, &'static str)],
        pin: bool,
    },
    /// A new wording of an announcement.
    Amend {
        name: &'static str,
        text: &'static str,
    },
    Withdraw {
        name: &'static str,
        reason: &'static str,
    },
    /// An agency answers a citizen, who is mentioned in front.
    Answer {
        agency: &'static str,
        reply: &'static str,
        language: &'static str,
        text: &'static str,
    },
    Reply {
        name: &'static str,
        by: &'static str,
        to: To,
        language: &'static str,
        text: &'static str,
    },
    Reword {
        name: &'static str,
        text: &'static str,
    },
    Delete {
        name: &'static str,
    },
    /// To an agency alone.
    Whisper {
        name: &'static str,
        by: &'static str,
        agency: &'static str,
        text: &'static str,
    },
    Like {
        announcement: &'static str,
        by: &'static [&'static str],
    },
    Boost {
        announcement: &'static str,
        by: &'static [&'static str],
    },
}

const fn reply(
    name: &'static str,
    by: &'static str,
    to: To,
    language: &'static str,
    text: &'static str,
) -> Act {
    Act::Reply {
        name,
        by,
        to,
        language,
        text,
    }
}

pub(super) const ACTS: &[Act] = &[
    Act::Announce {
        name: "welcome",
        agency: "water",
        language: "en",
        warning: None,
        text: "**Rivemont Water is here.** Follow us from whatever server you live on, and you will read of closures, \
            floods and water quality as soon as we know ourselves.\n\nAsk us anything under any announcement: the \
            answers stay where everybody can read them. #Rivemont #DrinkingWater",
        pictures: &[],
        pin: true,
    },
    Act::Announce {
        name: "reading",
        agency: "culture",
        language: "en",
        warning: None,
        text: "The **Night of Libraries** is on Friday 4 December. All five houses stay open until midnight:\n\n\
            - 18:00 stories for children, in seven languages\n- 20:00 the choir of the Old Harbour\n\
            - 22:00 ghost stories, by lantern light\n\nNo tickets, no registration. #NightOfLibraries #Rivemont",
        pictures: &[
            (
                Motif::Lanterns,
                "Poster: eleven paper lanterns, yellow and red, hang over dark water; their light is mirrored in it.",
            ),
            (
                Motif::Night,
                "The main library at night: every window is lit.",
            ),
        ],
        pin: true,
    },
    Act::Announce {
        name: "nuit",
        agency: "transit",
        language: "fr",
        warning: None,
        text: "**Trams de nuit.** Pour la Nuit des bibliothèques, les lignes 1, 2 et 4 circulent jusqu’à 1 h 30 dans la \
            nuit du 4 au 5 décembre, toutes les 15 minutes. Le voyage est gratuit dès 19 h.\n\nTous les arrêts de la \
            ligne 4 sont accessibles en fauteuil roulant. #Rivemont #TramDeNuit",
        pictures: &[(
            Motif::Tram,
            "Un tramway rouge et blanc arrêté à une station, portes ouvertes, au niveau du quai.",
        )],
        pin: false,
    },
    Act::Announce {
        name: "arabic",
        agency: "culture",
        language: "ar",
        warning: None,
        text: "**ليلة المكتبات** يوم الجمعة ٤ ديسمبر: حكايات للأطفال باللغة العربية في مكتبة الميناء القديم، الساعة ٦ مساءً.\n\n\
            الدخول مجاني، وأهلاً بالجميع. #ريفمون",
        pictures: &[],
        pin: false,
    },
    Act::Announce {
        name: "mistake",
        agency: "transit",
        language: "fr",
        warning: None,
        text: "Ligne 2 : le pont Saint-Aubin est fermé **lundi 30 novembre** toute la journée. #Ligne2",
        pictures: &[],
        pin: false,
    },
    Act::Announce {
        name: "accident",
        agency: "transit",
        language: "en",
        warning: Some("A collision; nobody was badly hurt"),
        text: "This morning at 7:40 a tram of line 1 and a delivery van collided at Grain Market. Two passengers were \
            treated for bruises and are at home again. We have given the tram's recordings to the police, and will \
            publish what the inquiry finds. #Line1",
        pictures: &[],
        pin: false,
    },
    Act::Announce {
        name: "works",
        agency: "water",
        language: "en",
        warning: None,
        text: "From **Monday 30 November** we replace the main under Mill Street, which was laid in 1931.\n\n\
            - The water is off on Monday from 9:00 to 12:00, between the bridge and Grain Market.\n\
            - A tap with drinking water stands at the corner of Bell Lane.\n\
            - The street stays open to cyclists and to people on foot.\n\n\
            The plan: <https://water.rivemont.example/works/mill-street> #MillStreet #DrinkingWater",
        pictures: &[(
            Motif::Map,
            "Map of Mill Street: the stretch between the bridge and Grain Market is marked in red, the tap at Bell Lane with a blue dot.",
        )],
        pin: false,
    },
    Act::Like {
        announcement: "works",
        by: &["lea", "ines", "noor", "tomasz", "pavel"],
    },
    Act::Boost {
        announcement: "works",
        by: &["ines", "pavel"],
    },
    reply(
        "bakery",
        "lea",
        To::Announcement("works"),
        "en",
        "Thank you for the warning. I bake from 3 in the morning: will the pressure be normal until 9?",
    ),
    reply(
        "kettle",
        "omar",
        To::Announcement("works"),
        "en",
        "I come off the night shift at 8 on Monday. Tea first, then.\n\nIs the water brown afterwards, like the last time?",
    ),
    reply(
        "aquifer",
        "noor",
        To::Reply("kettle"),
        "en",
        "That is iron from the old pipe. Let it run for two minutes and do not do your washing before.",
    ),
    reply(
        "year",
        "walter",
        To::Announcement("works"),
        "en",
        "The main was laid in 1928, not in 1931. I have the drawing.",
    ),
    reply(
        "kerb",
        "tomasz",
        To::Announcement("works"),
        "en",
        "Open to cyclists, as in April, when there was gravel for three weeks?",
    ),
    reply(
        "school",
        "ines",
        To::Announcement("works"),
        "en",
        "Does this reach the school in Bell Lane? They cook for ninety children on Mondays.",
    ),
    reply(
        "regret",
        "pavel",
        To::Announcement("works"),
        "en",
        "And who pays for my Monday?? This is the third time in a year and nobody ever",
    ),
    reply(
        "cargo",
        "ines",
        To::Reply("kerb"),
        "en",
        "The gravel! I pushed the cargo bike and both children through it.",
    ),
    reply(
        "hebrew",
        "yael",
        To::Announcement("works"),
        "he",
        "תודה על ההודעה. האם אפשר למלא בקבוקים בברז גם בערב?",
    ),
    Act::Reword {
        name: "year",
        text: "The main was laid in 1928, not in 1931. I have the drawing.\n\nEdit: I have looked again, and 1928 is the \
            year of the bridge. The pipe is of 1931. My apologies to the Water Works.",
    },
    Act::Delete { name: "regret" },
    Act::Answer {
        agency: "water",
        reply: "bakery",
        language: "en",
        text: "good morning! Yes: the pressure is normal until 9:00. We will knock at your door before we close the valve.",
    },
    Act::Answer {
        agency: "water",
        reply: "school",
        language: "en",
        text: "it does, and we should have said so. A water cart stands in the school's yard from 7:30; the kitchen has been told.",
    },
    reply(
        "thanks",
        "ines",
        To::Reply("school"),
        "en",
        "That was quick. Ninety children will have their soup.",
    ),
    Act::Amend {
        name: "works",
        text: "From **Monday 30 November** we replace the main under Mill Street, which was laid in 1931.\n\n\
            - The water is off on Monday from 9:00 to 12:00, between the bridge and Grain Market, **and in Bell Lane**.\n\
            - A tap with drinking water stands at the corner of Bell Lane, day and night.\n\
            - A water cart stands in the yard of the school.\n\
            - The street stays open to cyclists and to people on foot, without gravel this time.\n\n\
            The plan: <https://water.rivemont.example/works/mill-street> #MillStreet #DrinkingWater",
    },
    Act::Withdraw {
        name: "mistake",
        reason: "La date était fausse : le pont Saint-Aubin reste ouvert. Nos excuses à tous ceux qui avaient déjà changé leurs plans.",
    },
    Act::Whisper {
        name: "arrears",
        by: "walter",
        agency: "water",
        text: "In confidence: I cannot pay my water bill this winter. Whom may I talk to?",
    },
    Act::Like {
        announcement: "reading",
        by: &["mireille", "sam", "yael", "omar", "grace"],
    },
    Act::Boost {
        announcement: "reading",
        by: &["mireille", "sam"],
    },
    reply(
        "ghosts",
        "sam",
        To::Announcement("reading"),
        "en",
        "Ghost stories by lantern light. I shall bring the fog.",
    ),
    reply(
        "ramp",
        "grace",
        To::Announcement("reading"),
        "en",
        "Is the side entrance of the Old Harbour library open late, too? The ramp is there.",
    ),
    Act::Answer {
        agency: "culture",
        reply: "ramp",
        language: "en",
        text: "it is open until midnight, and somebody will be at the door. Come and be haunted!",
    },
    reply(
        "langues",
        "mireille",
        To::Announcement("reading"),
        "fr",
        "Sept langues ! À la retraite, je n’en parle que deux. J’apporterai les biscuits.",
    ),
    Act::Like {
        announcement: "nuit",
        by: &["jean_paul", "grace", "mireille"],
    },
    reply(
        "quatre",
        "jean_paul",
        To::Announcement("nuit"),
        "fr",
        "Vingt-sept ans que j’attends le tram de nuit sur la 4. Bravo, et gardez-le !",
    ),
    reply(
        "garder",
        "lea",
        To::Reply("quatre"),
        "fr",
        "Oui ! Les boulangers aussi rentrent la nuit. Enfin, ils partent.",
    ),
    Act::Like {
        announcement: "welcome",
        by: &["walter", "noor", "omar", "ines", "lea", "sam", "pavel"],
    },
];
