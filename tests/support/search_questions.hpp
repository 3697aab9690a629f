#pragma once

#include "ports/search_index.hpp"

/// What people type over the sample catalogue, and what they mean by it.
namespace ticketshow::test {

struct titled {
  const char* title;
  const char* text;
};

/// What the sample catalogue lacks.
inline constexpr titled more_shows[] = {
    {"सपनों का हिसाब", "एक लेखाकार स्टूडियो के सपनों की जाँच करता है।"},
    {"मानसून एक्सप्रेस", "छह अजनबी, एक रुकी हुई ट्रेन।"},
    {"दिल्ली दूर नहीं", "पैदल चलने वालों की कहानी।"},
    {"Café Brûlé", "Une crème, deux cœurs."},
    {"Ёлки и Звёзды", "Зимняя сказка."},
};

struct search_question {
  const char* query;
  ports::searched kind;
  const char* first;  ///< title of the first hit of this kind
};

inline constexpr auto a_show = ports::searched::show;
inline constexpr auto a_venue = ports::searched::venue;

inline constexpr search_question search_questions[] = {
    // as it is written
    {"Monsoon Express", a_show, "Monsoon Express"},
    {"The Lighthouse Keeper's Atlas", a_show, "The Lighthouse Keeper's Atlas"},
    {"Zero Gravity Waltz", a_show, "Zero Gravity Waltz"},
    {"Elephants Don't Dance", a_show, "Elephants Don't Dance"},
    {"Regal Talkies", a_venue, "Regal Talkies"},
    {"Qutub Drive-Up", a_venue, "Qutub Drive-Up"},
    // in another case, without apostrophes, in another order
    {"MONSOON EXPRESS", a_show, "Monsoon Express"},
    {"the second monsoon", a_show, "The Second Monsoon"},
    {"lighthouse keepers atlas", a_show, "The Lighthouse Keeper's Atlas"},
    {"lighthouse keeper’s", a_show, "The Lighthouse Keeper's Atlas"},
    {"elephants dont dance", a_show, "Elephants Don't Dance"},
    {"waltz zero", a_show, "Zero Gravity Waltz"},
    {"qutub drive up", a_venue, "Qutub Drive-Up"},
    {"clockmakers daughter", a_show, "The Clockmaker's Daughter"},
    // one word
    {"atlas", a_show, "The Lighthouse Keeper's Atlas"},
    {"chai", a_show, "Chai for Two Hundred"},
    {"nilgiri", a_show, "Nilgiri Nights"},
    {"signal", a_show, "Signal Lost"},
    {"hisaab", a_show, "Sapnon Ka Hisaab"},
    {"underground", a_show, "Dilli Underground"},
    {"electric", a_venue, "Connaught Electric"},
    {"deccan", a_venue, "Deccan Plaza"},
    // while typing
    {"m", a_show, "Monsoon Express"},
    {"mon", a_show, "Monsoon Express"},
    {"monsoon ex", a_show, "Monsoon Express"},
    {"pap", a_show, "Paper Tigers of Pune"},
    {"the sec", a_show, "The Second Monsoon"},
    {"zero gr", a_show, "Zero Gravity Waltz"},
    {"eleph", a_show, "Elephants Don't Dance"},
    {"clockm", a_show, "The Clockmaker's Daughter"},
    {"orch", a_venue, "Orchid Screens"},
    {"garden ci", a_venue, "Garden City Picturehouse"},
    {"pesh", a_venue, "Peshwa Pictures"},
    {"sea", a_venue, "Sealine Cinemas"},
    // one typo in a short word
    {"chia", a_show, "Chai for Two Hundred"},
    {"chay for two", a_show, "Chai for Two Hundred"},
    {"papr tigers", a_show, "Paper Tigers of Pune"},
    {"atals", a_show, "The Lighthouse Keeper's Atlas"},
    {"wlatz", a_show, "Zero Gravity Waltz"},
    {"kitse", a_show, "Harbour of Kites"},
    {"dili underground", a_show, "Dilli Underground"},
    {"carbn copy", a_show, "Carbon Copy"},
    {"regl", a_venue, "Regal Talkies"},
    {"qutb", a_venue, "Qutub Drive-Up"},
    // two in a longer one
    {"lighthuose", a_show, "The Lighthouse Keeper's Atlas"},
    {"lihgthuose", a_show, "The Lighthouse Keeper's Atlas"},
    {"mansoan express", a_show, "Monsoon Express"},
    {"elefants", a_show, "Elephants Don't Dance"},
    {"elephnts dance", a_show, "Elephants Don't Dance"},
    {"clokmakers", a_show, "The Clockmaker's Daughter"},
    {"doughter", a_show, "The Clockmaker's Daughter"},
    {"gravitiy", a_show, "Zero Gravity Waltz"},
    {"cxrbxn", a_show, "Carbon Copy"},
    {"undreground", a_show, "Dilli Underground"},
    {"harbuor", a_show, "Harbour of Kites"},
    {"connaght elektric", a_venue, "Connaught Electric"},
    {"picturhouse", a_venue, "Garden City Picturehouse"},
    // typos while typing
    {"lihgtho", a_show, "The Lighthouse Keeper's Atlas"},
    {"undregro", a_show, "Dilli Underground"},
    {"elefan", a_show, "Elephants Don't Dance"},
    // accents
    {"cafe brule", a_show, "Café Brûlé"},
    {"CAFÉ", a_show, "Café Brûlé"},
    {"mônsôon", a_show, "Monsoon Express"},
    {"caffe brulee", a_show, "Café Brûlé"},
    // from the description
    {"cartographer", a_show, "The Lighthouse Keeper's Atlas"},
    {"tea stall", a_show, "Chai for Two Hundred"},
    {"radio operator", a_show, "Signal Lost"},
    {"veterinarian", a_show, "Nilgiri Nights"},
    {"accountant", a_show, "Sapnon Ka Hisaab"},
    {"printing press", a_show, "Paper Tigers of Pune"},
    {"cartographre", a_show, "The Lighthouse Keeper's Atlas"},
    {"indiranagar", a_venue, "Orchid Screens"},
    {"church street", a_venue, "Garden City Picturehouse"},
    {"delhi", a_venue, "Connaught Electric"},
    // title and description together
    {"nilgiri veterinarian", a_show, "Nilgiri Nights"},
    {"monsoon strangers train", a_show, "Monsoon Express"},
    {"deccan pune", a_venue, "Deccan Plaza"},
    // three of four words are enough
    {"dilli underground metro movie", a_show, "Dilli Underground"},
    {"chai for two thousand", a_show, "Chai for Two Hundred"},
    // Hindi, Russian
    {"सपनों का हिसाब", a_show, "सपनों का हिसाब"},
    {"हिसाब", a_show, "सपनों का हिसाब"},
    {"सप", a_show, "सपनों का हिसाब"},
    {"हिसब", a_show, "सपनों का हिसाब"},
    {"मानसुन", a_show, "मानसून एक्सप्रेस"},
    {"एक्सप", a_show, "मानसून एक्सप्रेस"},
    {"दिल्ली", a_show, "दिल्ली दूर नहीं"},
    {"अजनबी", a_show, "मानसून एक्सप्रेस"},
    {"елки", a_show, "Ёлки и Звёзды"},
    {"звезды", a_show, "Ёлки и Звёзды"},
};

static_assert(std::size(search_questions) >= 60);

}  // namespace ticketshow::test
