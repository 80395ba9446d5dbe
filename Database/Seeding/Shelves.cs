namespace SecureShop.Database.Seeding;

/// <summary>The word lists that the seeded products are made of. Brands, suppliers and things are invented.</summary>
internal static class Shelves
{
    public static readonly string[] Brands =
    [
        "Alderway", "Brindle & Co", "Cobalt Lane", "Dovetail", "Eastmere", "Fernhollow", "Greywick", "Harrowgate",
        "Isling", "Juniper Row", "Kestrelby", "Larkfield", "Mossbank", "Northlight", "Oxbow", "Pemberlin",
        "Quillon", "Rookwood", "Saltmarsh", "Tallow & Pine", "Umberfold", "Vellory", "Wrenfield", "Yarrowby",
    ];

    public static readonly string[] Adjectives =
    [
        "Compact", "Classic", "Everyday", "Folding", "Handmade", "Large", "Light", "Little", "Quiet", "Slim", "Sturdy", "Weekend",
    ];

    public static readonly string[] Suppliers =
    [
        "Baltic Trading House", "Carrick Workshops", "Delmore Imports", "Fjordline Supply", "Gantry Wholesale",
        "Hollins & Daughters", "Meridian Makers", "Old Quay Merchants", "Pannier Depot", "Tessel Manufacturing",
    ];

    public static readonly string[] Notes =
    [
        "Comes with spare parts for the pieces that wear out.",
        "Packed without plastic.",
        "Repaired free of charge in the first two years.",
        "Made in small batches, so that shades vary a little.",
        "Tested by hand before it leaves the workshop.",
        "Easy to clean and meant to last.",
    ];

    public static readonly Shelf[] All =
    [
        new("audio", 15, 420,
            ["Earphones", "Alarm Radio", "Travel Speaker", "Metronome", "Headphones", "Record Brush Set", "Bookshelf Speaker", "Microphone", "Amplifier", "Turntable", "Studio Monitor"],
            ["Walnut", "Aluminium", "Linen", "Black"], ["small rooms", "long train rides", "first recordings", "Sunday records"]),
        new("bags", 12, 260,
            ["Purse", "Pouch", "Tote Bag", "Washbag", "Belt Bag", "Daypack", "Shoulder Bag", "Laptop Bag", "Rucksack", "Holdall", "Cabin Case"],
            ["Canvas", "Cork", "Felt", "Waxed Cotton"], ["daily errands", "two nights away", "the way to work", "wet weather"]),
        new("books", 4, 60,
            ["Postcard Set", "Pocket Notebook", "Bookmark Set", "Sketchbook", "Recipe Journal", "Calendar", "Address Book", "Travel Diary", "Field Guide", "Photo Album", "Illustrated Atlas"],
            ["Recycled Paper", "Cloth-bound", "Dotted", "Cream Paper"], ["quick notes", "presents", "the kitchen table", "rainy afternoons"]),
        new("clothing", 9, 230,
            ["Socks", "Cap", "T-Shirt", "Scarf", "Gloves", "Apron", "Shirt", "Cardigan", "Trousers", "Overshirt", "Raincoat"],
            ["Merino", "Organic Cotton", "Linen", "Corduroy"], ["cool mornings", "the garden", "layers", "every season"]),
        new("cycling", 6, 340,
            ["Bell", "Bottle Cage", "Tyre Lever Set", "Saddle Cover", "Hand Pump", "Rear Light", "Bar Bag", "Helmet", "Pannier", "Leather Saddle", "Wheel Set"],
            ["Steel", "Reflective", "Brass", "Carbon"], ["commuters", "touring", "gravel tracks", "night rides"]),
        new("furniture", 35, 890,
            ["Footstool", "Wall Hook Rail", "Side Table", "Stool", "Bedside Table", "Magazine Rack", "Bookcase", "Armchair", "Desk", "Sideboard", "Dining Table"],
            ["Oak", "Ash", "Bamboo", "Birch"], ["narrow halls", "reading corners", "small flats", "big families"]),
        new("garden", 5, 180,
            ["Seed Box", "Plant Labels", "Dibber", "Hand Fork", "Trowel", "Watering Can", "Pruning Shears", "Planter", "Bird Feeder", "Rain Gauge", "Cold Frame"],
            ["Copper", "Terracotta", "Galvanised", "Beechwood"], ["balconies", "raised beds", "heavy soil", "beginners"]),
        new("kitchen", 7, 290,
            ["Spoon Rest", "Tea Strainer", "Chopping Board", "Mixing Bowl", "Storage Jar Set", "Pepper Mill", "Coffee Dripper", "Kettle", "Frying Pan", "Bread Oven", "Knife Set"],
            ["Stoneware", "Enamel", "Olive Wood", "Cast Iron"], ["slow breakfasts", "one-pot suppers", "bakers", "small kitchens"]),
        new("lighting", 11, 360,
            ["Night Light", "Candle Holder", "Clip Lamp", "Fairy Lights", "Lantern", "Reading Lamp", "Wall Lamp", "Table Lamp", "Pendant Lamp", "Floor Lamp", "Chandelier"],
            ["Opal Glass", "Rattan", "Paper", "Brushed Steel"], ["the bedside", "long evenings", "the hallway", "working late"]),
        new("office", 3, 320,
            ["Pencil Set", "Tape Dispenser", "Pen Tray", "Letter Opener", "Desk Mat", "Cable Box", "Bookends", "Document Stand", "Whiteboard", "Monitor Riser", "Office Chair"],
            ["Maple", "Recycled Plastic", "Felt", "Powder-coated"], ["tidy desks", "working at home", "shared tables", "paper people"]),
        new("outdoor", 8, 480,
            ["Tent Peg Set", "Fire Starter", "Enamel Mug", "Dry Bag", "Headlamp", "Camp Stool", "Hammock", "Stove", "Sleeping Mat", "Sleeping Bag", "Tent"],
            ["Ripstop", "Titanium", "Recycled Nylon", "Canvas"], ["one-night trips", "high camps", "the beach", "autumn walks"]),
        new("pets", 5, 140,
            ["Treat Tin", "Rope Toy", "Collar", "Feeding Bowl", "Grooming Brush", "Lead", "Scratching Post", "Travel Blanket", "Cat Cave", "Carrier", "Dog Bed"],
            ["Hemp", "Ceramic", "Wool", "Leather"], ["young dogs", "indoor cats", "old companions", "car journeys"]),
        new("tools", 6, 380,
            ["Pencil Gauge", "Tape Measure", "Screwdriver", "Spirit Level", "Hammer", "Pliers", "Chisel Set", "Hand Plane", "Socket Set", "Tool Chest", "Workbench"],
            ["Forged", "Ash-handled", "Chrome", "Hardened"], ["the first flat", "joiners", "tight corners", "repairs"]),
        new("toys", 4, 150,
            ["Spinning Top", "Card Game", "Marble Set", "Skipping Rope", "Jigsaw", "Stacking Tower", "Hand Puppet", "Building Blocks", "Board Game", "Pull-along Train", "Dolls' House"],
            ["Limewood", "Painted", "Cotton", "Magnetic"], ["small hands", "four players", "birthdays", "quiet hours"]),
    ];
}
