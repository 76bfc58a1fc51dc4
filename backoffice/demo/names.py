"""Names and places that the seeded guests are made of."""


def words(text):
    return text.split()


INDIAN_GIVEN = words(
    """
Aarav Aditi Aditya Ajay Akash Amita Ananya Anil Anita Anjali Arjun Arun Asha Ashok Bhavna Chitra Deepa Deepak
Devika Dhruv Divya Farah Gauri Gautam Geeta Gopal Harini Harish Hema Imran Indira Isha Ishaan Jaya Jyoti Kabir
Kalyani Kamala Karan Kavita Kiran Krishna Lakshmi Lalit Latha Leela Madhav Mahesh Malini Manish Manoj Maya
Meena Meera Mohan Mukesh Nalini Nandini Naveen Neha Nikhil Nisha Nitin Padma Pallavi Parvati Pooja Prabhu
Pradeep Prakash Pranav Preeti Priya Radha Rahul Raj Rajesh Rakesh Ram Ramesh Rani Ravi Rekha Ritu Rohan Rohini
Rukmini Sameer Sandhya Sanjay Sarita Savita Shalini Shankar Shanti Shobha Shreya Siddharth Sita Smita Sneha
Sohail Subhash Sudha Sujata Suman Sunil Sunita Suresh Sushma Swati Tara Uday Uma Usha Vandana Varun Vasant
Venkat Vidya Vijay Vikram Vimala Vinay Vivek Yamini Yash Zara
"""
)

INDIAN_FAMILY = words(
    """
Agarwal Ahuja Bajaj Banerjee Bhat Bhattacharya Bose Chandra Chatterjee Chaudhary Chawla Chopra Das Desai
Deshmukh Deshpande Dutta Fernandes Gandhi Ganguly Ghosh Goel Gokhale Gowda Gupta Hegde Iyengar Iyer Jain Jha
Joshi Kamath Kapoor Kaul Khan Khanna Kulkarni Kumar Mahajan Malhotra Mehra Mehta Menon Mishra Mukherjee Murthy
Naidu Nair Nambiar Narayan Oberoi Pai Pandey Parekh Patel Patil Pillai Prasad Puri Raghavan Raju Ramanathan
Rangan Rao Reddy Saxena Sen Seth Shah Sharma Shetty Singh Sinha Srinivasan Subramaniam Swamy Tandon Thakur
Trivedi Varma Venkatesan Verma Yadav
"""
)

WORLD = {
    "GB": (
        "Amelia Beatrice Charles Edward Eleanor Fiona George Harriet Hugh Imogen Oliver Rosalind Thomas Victoria",
        "Ashworth Bennett Carmichael Fairfax Hughes Langley Mortimer Pembroke Sinclair Whitfield",
        "+4477009",
    ),
    "US": (
        "Abigail Benjamin Caleb Diane Ethan Grace Hannah Jason Laura Michael Natalie Rachel Samuel Sophia",
        "Anderson Brooks Carter Foster Greene Mitchell Parker Reynolds Sullivan Walker",
        "+1202555",
    ),
    "DE": (
        "Anja Bernd Clara Dieter Elke Felix Greta Jonas Katrin Lukas Marlene Stefan Ulrike",
        "Bauer Brandt Fischer Hartmann Keller Krause Lehmann Schäfer Vogel Zimmermann",
        "+4915555",
    ),
    "FR": (
        "Adèle Bastien Camille Denis Élise Guillaume Hélène Julien Margaux Olivier Pauline Rémi",
        "Blanchard Chevalier Dubois Fontaine Girard Lambert Moreau Perrin Rousseau Vasseur",
        "+3363998",
    ),
    "AE": (
        "Ahmed Fatima Hassan Layla Mariam Noora Omar Reem Salem Yousef",
        "Al-Farsi Al-Hashimi Al-Mansoori Al-Nahyan Al-Suwaidi Haddad Khoury Mansour",
        "+9715555",
    ),
    "SG": (
        "Adeline Bryan Clarissa Darren Hui-Min Jia-Wei Kelvin Mei-Ling Shu-Fen Terence",
        "Chan Goh Koh Lee Lim Ng Ong Tan Teo Wong",
        "+6585550",
    ),
    "AU": (
        "Bronwyn Callum Darcy Ella Flynn Georgia Heath Isla Lachlan Matilda",
        "Campbell Dawson Fraser Gallagher Hayes Kennedy Lawson Murray Nolan Wright",
        "+6149157",
    ),
}

INDIAN_CITIES = [
    ("Hyderabad", "Telangana"),
    ("Bengaluru", "Karnataka"),
    ("Chennai", "Tamil Nadu"),
    ("Mumbai", "Maharashtra"),
    ("New Delhi", "Delhi"),
    ("Pune", "Maharashtra"),
    ("Kolkata", "West Bengal"),
    ("Ahmedabad", "Gujarat"),
    ("Visakhapatnam", "Andhra Pradesh"),
    ("Vijayawada", "Andhra Pradesh"),
    ("Kochi", "Kerala"),
    ("Jaipur", "Rajasthan"),
    ("Gurugram", "Haryana"),
    ("Coimbatore", "Tamil Nadu"),
    ("Lucknow", "Uttar Pradesh"),
    ("Chandigarh", "Chandigarh"),
    ("Bhubaneswar", "Odisha"),
    ("Indore", "Madhya Pradesh"),
    ("Mysuru", "Karnataka"),
    ("Nagpur", "Maharashtra"),
]

WORLD_CITIES = {
    "GB": "London",
    "US": "San Francisco",
    "DE": "Munich",
    "FR": "Paris",
    "AE": "Dubai",
    "SG": "Singapore",
    "AU": "Melbourne",
}

INDIAN_SHARE = 0.78  # of all guests


def person(rng, number):
    """One made-up person: given and family name, e-mail, phone, city, state and country; same `rng`, same person.

    E-mail addresses end in `.example` and telephone numbers lie in ranges kept for fiction where a country has one,
    so that nothing is ever delivered to somebody real. `number` keeps addresses and telephones apart.
    """
    if rng.random() < INDIAN_SHARE:
        given, family = rng.choice(INDIAN_GIVEN), rng.choice(INDIAN_FAMILY)
        (city, state), country, prefix = rng.choice(INDIAN_CITIES), "IN", "+9199000"
    else:
        country = rng.choice(list(WORLD))
        givens, families, prefix = WORLD[country]
        given, family = rng.choice(givens.split()), rng.choice(families.split())
        city, state = WORLD_CITIES[country], ""
    handle = f"{given}.{family}".lower().encode("ascii", "ignore").decode()
    return {
        "given_name": given,
        "family_name": family,
        "email": f"{handle}.{number}@guests.example",
        "phone": f"{prefix}{number % 100000:05d}",
        "city": city,
        "state": state,
        "country": country,
    }


WISHES = [
    "",
    "",
    "",
    "",
    "",
    "A quiet room, please.",
    "We arrive late, around 22:00.",
    "Vegan meals for both of us.",
    "Twin beds, please.",
    "It is our anniversary.",
    "No jasmine in the room, please.",
    "A ground-floor room if you can.",
    "Early breakfast on the first day.",
    "Window towards the sea, if possible.",
]
