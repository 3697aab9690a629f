#pragma once

#include <array>

/// What sample_data loads, and what searches are tested with.
namespace ticketshow::app {

struct sample_show {
  const char* title;
  int minutes;
  int price;  // major units
  const char* language;
  const char* rating;
  const char* description;
};

// Invented: no film of these names is meant.
inline constexpr sample_show sample_shows[] = {
    {"The Lighthouse Keeper's Atlas", 118, 320, "English", "UA",
     "A cartographer inherits a lighthouse and a map that redraws itself each night."},
    {"Monsoon Express", 142, 280, "Hindi", "U",
     "Six strangers, one stalled train, and the longest rain in forty years."},
    {"Paper Tigers of Pune", 126, 260, "Marathi", "UA",
     "A printing press, a rumour and a town that believes what it reads."},
    {"Zero Gravity Waltz", 109, 450, "English", "UA", "Two dancers rehearse a first performance in orbit."},
    {"Chai for Two Hundred", 131, 240, "Hindi", "U", "A tea stall caters a wedding it was never meant to."},
    {"The Clockmaker's Daughter", 97, 300, "English", "U", "She can stop any clock but her own."},
    {"Nilgiri Nights", 148, 290, "Tamil", "UA", "A veterinarian on a night train through the hills meets her past."},
    {"Signal Lost", 104, 380, "English", "A", "The last radio operator hears a voice that should not be there."},
    {"Sapnon Ka Hisaab", 136, 270, "Hindi", "UA", "An accountant audits the dreams of a film studio."},
    {"Harbour of Kites", 112, 250, "Kannada", "U", "Children build the kite that will carry a message across the bay."},
    {"The Second Monsoon", 121, 310, "Malayalam", "UA", "A family keeps two houses, two calendars and one secret."},
    {"Carbon Copy", 116, 420, "English", "UA", "She wakes up on the wrong side of a backup."},
    {"Dilli Underground", 139, 330, "Hindi", "A", "A metro driver knows a station that is on no map."},
    {"Elephants Don't Dance", 88, 200, "English", "U", "But nobody told the smallest one. Animated."},
};

struct sample_venue {
  const char* name;
  const char* location;
  const char* city;
  std::array<int, 3> capacities;
};

inline constexpr sample_venue sample_venues[] = {
    {"Regal Talkies", "14 Colaba Causeway", "Mumbai", {240, 160, 90}},
    {"Sealine Cinemas", "Level 3, Worli Promenade", "Mumbai", {300, 200, 120}},
    {"Orchid Screens", "100 Feet Road, Indiranagar", "Bengaluru", {220, 150, 80}},
    {"Garden City Picturehouse", "5 Church Street", "Bengaluru", {180, 120, 60}},
    {"Connaught Electric", "Block B, Connaught Place", "Delhi", {260, 180, 110}},
    {"Qutub Drive-Up", "Mehrauli Road", "Delhi", {200, 140, 72}},
    {"Deccan Plaza", "FC Road", "Pune", {210, 130, 84}},
    {"Peshwa Pictures", "Shaniwar Peth", "Pune", {170, 110, 60}},
};

}  // namespace ticketshow::app
