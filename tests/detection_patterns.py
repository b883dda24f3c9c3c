"""Sentences that are easily misread, each with what is right: the cases of test_detection_patterns.py.

The number is that of the pattern in the project's list of a hundred. A transfer is (supplier, recipient, stage).
"""

from __future__ import annotations

NOT_TRANSFERS: tuple[tuple[int, str], ...] = (
    (1, "The Jets send their quarterback to Denver for a draft pick"),
    (2, "Patriots ship their veteran kicker to Houston"),
    (3, "The investment arm of a Qatari group buys a London hotel"),
    (4, "An arms race in artificial intelligence chips unsettles investors"),
    (5, "A Falcon chick is sold to a collector in Dubai"),
    (6, "Leipzig zoo sends two leopards to Georgia"),
    (7, "Phantom of the Opera goes on tour in Japan"),
    (8, "Harpoon brewery exports its winter ale to Canada"),
    (9, "Javelin champion wins in Doha again"),
    (10, "Tomahawk steaks shipped to restaurants in Seoul"),
    (11, "Fish tanks sold to hotels in Singapore"),
    (12, "Apache web server patch delivered to users in Egypt"),
    (13, "Rockets sign a Turkish forward"),
    (14, "Striker delivers a missile of a shot against Denmark"),
    (15, "Typhoon Mangkhut leaves villages without supplies"),
    (16, "Russia launches a weather satellite for Iran"),
    (17, "Airbus delivers ten A320 airliners to IndiGo"),
    (19, "Turkey prices climb before the holidays"),
    (20, "Police in Australia buy back guns from their owners"),
    (21, "Boeing shares rise on strong quarterly results"),
    (22, "US ships enter the Black Sea"),
    (23, "The Pentagon awarded a contract for its own army's missiles"),
    (26, "Russia fired Iranian-made drones at Kharkiv overnight"),
    (27, "F-35s land in Japan for an exercise"),
    (29, "Captured howitzers displayed in Moscow"),
)

TRANSFERS: tuple[tuple[int, str, tuple[tuple[str | None, str | None, str], ...]], ...] = (
    (28, "Germany buys F-35 jets from the United States", (("US", "DE", "signed"),)),
    (30, "Kyiv was sent 31 Abrams tanks by Washington", (("US", "UA", "delivered"),)),
    (33, "Warsaw takes delivery of K2 tanks from Seoul", (("KR", "PL", "delivered"),)),
    (34, "Riyadh's purchase of French howitzers draws protests", (("FR", "SA", "signed"),)),
    (37, "India receives first S-400 missiles from Russia", (("RU", "IN", "delivered"),)),
    (39, "Ukraine's arms exports to Sudan are growing", (("UA", "SD", "delivered"),)),
    (41, "Japan ships Patriot missiles to the United States", (("JP", "US", "delivered"),)),
    (45, "Denmark and the Netherlands deliver F-16 jets to Ukraine",
     (("DK", "UA", "delivered"), ("NL", "UA", "delivered"))),
    (46, "Iran arms the Houthis, officials say", (("IR", "Houthis", "delivered"),)),
    (48, "Berlin will not send Taurus missiles to Ukraine", (("DE", "UA", "rejected"),)),
    (49, "Paris has not ruled out sending tanks to Ukraine", (("FR", "UA", "considered"),)),
    (51, "Pyongyang denied supplying ammunition to Russia", (("KP", "RU", "delivered"),)),
    (54, "London urged to stop selling bombs to Saudi Arabia", (("GB", "SA", "signed"),)),
    (57, "Washington lifts arms embargo on Cyprus", (("US", "CY", "policy"),)),
    (58, "UN extends arms embargo on South Sudan", ((None, "SS", "suspended"),)),
    (61, "Lisbon may buy Swedish Gripen fighters", (("SE", "PT", "considered"),)),
    (68, "Japan eases rules on arms exports", (("JP", None, "policy"),)),
    (71, "The Security Council renewed the arms embargo on Libya", ((None, "LY", "suspended"),)),
)  # fmt: skip

REACTIONS: tuple[tuple[int, str, str, str, str], ...] = (
    (77, "According to Seoul's defence ministry, Poland has received 40 howitzers from South Korea.",
     "defence ministry", "KR", "neutral"),
    (84, "US Senator Ann Whitlock moved to block the sale of drones to the United Arab Emirates.",
     "Ann Whitlock", "US", "oppose"),
    (85, "NATO chief Jan Holm welcomed the delivery of German tanks to Ukraine.",
     "Jan Holm", "NATO", "support"),
    (86, "Arms deliveries to Kyiv prolong the war - Kremlin", "Kremlin", "RU", "oppose"),
    (90, "Poland criticises Germany for not sending tanks to Ukraine", "Poland", "PL", "support"),
    (98, "Beijing condemned the sale of American missiles to Taiwan and reserves the right to respond.",
     "Beijing", "CN", "oppose"),
    (99, "Moscow summoned the Japanese ambassador over the delivery of Patriot missiles to the United States.",
     "Moscow", "RU", "oppose"),
)  # fmt: skip

SILENT: tuple[tuple[int, str, str], ...] = (
    (81, "Former defence secretary Paul Renner criticised the sale of jets to Turkey.", "Renner"),
    (82, "Analysts at a think tank said the sale of jets to Turkey was risky.", "Analysts"),
    (83, "The company said the sale of jets to Turkey would create jobs.", "company"),
)
