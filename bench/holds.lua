-- wrk: POST /bookings. Arguments: users file (a line "id token" each), plan file (a line "schedule screen" each), mode,
-- seats of a screen, prefix of keys.
-- Modes: spread (a schedule after the other, two seats each), hot (a schedule until it is sold out, then the next), taken (the first
-- two seats of the first schedule, again and again).
local tokens, schedules, screens = {}, {}, {}
local mode, capacity, prefix
local count = 0

function init(arguments)
  for line in io.lines(arguments[1]) do tokens[#tokens + 1] = line:match("%S+$") end
  for line in io.lines(arguments[2]) do
    local schedule, screen = line:match("(%d+) (%d+)")
    schedules[#schedules + 1], screens[#screens + 1] = schedule, screen
  end
  mode, capacity, prefix = arguments[3], tonumber(arguments[4]), arguments[5]
end

function request()
  local pairs_of_a_screen = math.floor(capacity / 2)
  local schedule, pair
  if mode == "spread" then
    schedule, pair = count % #schedules, math.floor(count / #schedules) % pairs_of_a_screen
  elseif mode == "hot" then
    schedule, pair = math.floor(count / pairs_of_a_screen) % #schedules, count % pairs_of_a_screen
  else
    schedule, pair = 0, 0
  end
  local first = screens[schedule + 1] * 10000 + 2 * pair + 1
  count = count + 1
  local body = '{"schedule_id":' .. schedules[schedule + 1] .. ',"seat_ids":[' .. first .. ',' .. (first + 1) ..
               '],"idempotency_key":"' .. prefix .. count .. '"}'
  return wrk.format("POST", "/api/v1/bookings",
    {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. tokens[count % #tokens + 1]}, body)
end
