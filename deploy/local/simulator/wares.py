"""What a municipality buys: UNSPSC categories with their goods, prices and the kinds of work that use them."""

import msgspec

from deploy.local.simulator.tree import Work


class Ware(msgspec.Struct, frozen=True):
    """A category of goods or services; prices are for one unit of sale, in øre."""

    code: str
    trade: str
    goods: tuple[str, ...]
    unit: str
    low_ore: int
    high_ore: int
    used_by: tuple[Work, ...]
    agreed: bool = True

    @property
    def prefix(self) -> str:
        """The class (six digits), which is what agreements are about."""
        return self.code[:6]


ALL = tuple(Work)
PUPILS = (Work.SCHOOL, Work.DAYCARE)
CARE = (Work.CARE, Work.SOCIAL)


def _ware(row: str, used_by: tuple[Work, ...] = ALL, *, agreed: bool = True) -> Ware:
    code, trade, unit, low, high, goods = row.split("|")
    return Ware(code, trade, tuple(goods.split(",")), unit, int(low) * 100, int(high) * 100, used_by, agreed)


WARES: tuple[Ware, ...] = (
    _ware("14111507|Papir|PK|22|95|Kopipapir A4,Kopipapir A3,Farvet papir,Karton"),
    _ware("44121701|Kontor|PK|12|180|Kuglepen,Tusch,Overstregningspen,Blyant"),
    _ware("44122003|Kontor|STK|9|140|Ringbind,Chartek,Mappe,Register"),
    _ware("44103103|Tonerhandel|STK|190|1450|Toner sort,Toner cyan,Toner magenta,Blækpatron"),
    _ware("43211503|Data|STK|2900|9800|Bærbar pc,Tablet,Minicomputer"),
    _ware("43211708|Data|STK|85|900|Mus,Tastatur,Hovedsæt,Dockingstation"),
    _ware("43191501|Telefoni|STK|1200|6400|Mobiltelefon,Tastaturtelefon"),
    _ware("47131803|Rengøring|FL|18|190|Universalrengøring,Gulvvask,Sanitetsrens,Afkalker"),
    _ware("47131604|Rengøring|STK|14|320|Moppe,Klud,Kost,Fejebakke"),
    _ware("47121701|Aftørring|RL|25|240|Affaldssæk,Pose,Køkkenrulle,Toiletpapir"),
    _ware("53131608|Hygiejne|STK|12|130|Håndsæbe,Shampoo,Håndcreme,Håndsprit"),
    _ware("53102306|Hygiejne|PK|55|260|Ble str. 3,Ble str. 4,Ble str. 5,Ble voksen", (Work.DAYCARE, Work.CARE)),
    _ware("42132203|Sygepleje|PK|35|210|Nitrilhandske,Vinylhandske,Undersøgelseshandske", CARE),
    _ware("42311505|Sygepleje|PK|40|560|Forbinding,Plaster,Kompres,Sårvæske", CARE),
    _ware("42211501|Hjælpemidler|STK|380|4200|Rollator,Krykke,Bækkenstol,Toiletforhøjer", CARE),
    _ware("42192207|Hjælpemidler|STK|900|9500|Kørestol,Personlift,Vendelagen", CARE),
    _ware("50131702|Mejeri|L|7|24|Sødmælk,Letmælk,Skyr,Yoghurt", (*PUPILS, *CARE)),
    _ware("50181901|Bageri|STK|9|48|Rugbrød,Grovbolle,Franskbrød,Knækbrød", (*PUPILS, *CARE)),
    _ware("50301502|Frugt og Grønt|KG|11|62|Æbler,Pærer,Bananer,Appelsiner", (*PUPILS, *CARE)),
    _ware("50405601|Frugt og Grønt|KG|8|58|Gulerødder,Kartofler,Kål,Løg", (*PUPILS, *CARE)),
    _ware("50112001|Kød|KG|48|190|Oksekød hakket,Kylling,Skinke,Frikadelle", (*PUPILS, *CARE)),
    _ware("50201706|Kaffe|KG|45|210|Kaffe formalet,Kaffe hel,Te,Kakao"),
    _ware("60141002|Leg|STK|45|890|Byggeklodser,Puslespil,Dukke,Løbecykel", PUPILS),
    _ware("60121201|Hobby|STK|16|240|Akvarelfarve,Pensel,Modellervoks,Limstift", PUPILS),
    _ware("60101700|Undervisning|STK|70|1900|Elevhæfte,Lærervejledning,Opgavesæt,Globus", (Work.SCHOOL,)),
    _ware("55101509|Bøger|STK|80|420|Lærebog matematik,Lærebog dansk,Billedbog,Ordbog", (*PUPILS, Work.CULTURE)),
    _ware("49161505|Idræt|STK|60|780|Fodbold,Håndbold,Badmintonnet,Skumbold", (*PUPILS, Work.CULTURE)),
    _ware("56101703|Møbler|STK|690|5400|Hæve-sænkebord,Reol,Skab,Mødebord"),
    _ware("56112102|Møbler|STK|420|3900|Kontorstol,Besøgsstol,Taburet"),
    _ware("56121505|Skolemøbler|STK|310|1900|Elevbord,Elevstol,Tavle,Opslagstavle", PUPILS),
    _ware("39101612|Belysning|STK|28|640|LED-pære,Lysrør,Bordlampe"),
    _ware("27111701|Værktøj|STK|55|1400|Skruetrækker,Topnøgle,Hammer,Vaterpas", (Work.TECHNICAL, Work.SCHOOL)),
    _ware("31161501|Beslag|PK|18|260|Skruer,Bolte,Dyvler,Beslag", (Work.TECHNICAL, Work.SCHOOL)),
    _ware("31211502|Maling|SPD|120|990|Vægmaling,Træbeskyttelse,Grunder", (Work.TECHNICAL, Work.CULTURE)),
    _ware("46181501|Arbejdstøj|STK|90|1150|Arbejdsjakke,Arbejdsbuks,Refleksvest", (Work.TECHNICAL, *CARE)),
    _ware("46181604|Arbejdstøj|PAR|380|1300|Sikkerhedssko,Gummistøvle", (Work.TECHNICAL,)),
    _ware("15101506|Brændstof|L|9|15|Diesel,Benzin,Alkylatbenzin", (Work.TECHNICAL, Work.CARE)),
    _ware("25172504|Autodele|STK|420|2600|Vinterdæk,Sommerdæk,Helårsdæk", (Work.TECHNICAL, Work.CARE)),
    _ware("90101603|Forplejning|STK|65|260|Frokostanretning,Mødeforplejning,Smørrebrød"),
    _ware("82121506|Tryk|STK|180|6200|Folder,Plakat,Årsskrift"),
    _ware("78111804|Kørsel|TUR|120|900|Taxakørsel,Buskørsel,Flytning", agreed=False),
    _ware("80111605|Vikar|TIM|240|620|Vikartime pædagog,Vikartime sygepleje,Vikartime kontor", agreed=False),
    _ware("81111805|Drift|MDR|900|14000|Licens,Serviceaftale,Support", agreed=False),
    _ware("86101705|Kurser|STK|900|7800|Kursusdag,Supervision,Workshop", agreed=False),
    _ware("72101507|Vedligehold|TIM|380|780|Reparation,Låseservice,VVS-arbejde", agreed=False),
    _ware("70111703|Grønne anlæg|TIM|320|640|Beskæring,Græsslåning,Snerydning", (Work.TECHNICAL,), agreed=False),
    _ware("52141501|Hvidevarer|STK|900|7200|Opvaskemaskine,Køleskab,Komfur,Støvsuger", agreed=False),
    _ware("49121503|Friluft|STK|150|2400|Telt,Bålpande,Kano leje", (*PUPILS, Work.CULTURE), agreed=False),
    _ware("60131303|Musik|STK|190|5200|Guitar,Rytmesæt,Nodehæfte", (Work.SCHOOL, Work.CULTURE), agreed=False),
)


class Outside(msgspec.Struct, frozen=True):
    """Spend that is not e-tradable at all; amounts of one invoice in øre."""

    code: str
    text: str
    low_ore: int
    high_ore: int
    weight: float


OUTSIDE: tuple[Outside, ...] = (
    Outside("93161600", "Ejendomsskat og afgift", 800_00, 90_000_00, 3),
    Outside("80131500", "Husleje", 6_000_00, 120_000_00, 5),
    Outside("83101800", "Elforbrug", 900_00, 45_000_00, 6),
    Outside("83101500", "Vand og spildevand", 400_00, 22_000_00, 4),
    Outside("72111100", "Entreprise, ombygning", 20_000_00, 900_000_00, 2),
    Outside("84111500", "Revision", 4_000_00, 60_000_00, 1),
    Outside("84121500", "Bankgebyr", 50_00, 2_500_00, 1),
)
