-- wrk: a mixed day: of a hundred requests ninety look around, eight hold two seats, two pay for what was held. Arguments: users file (a
-- line "id token" each), plan file (a line "schedule screen" each), show, seats of a screen, prefix of keys.
local ids, tokens, schedules, screens, held = {}, {}, {}, {}, {}
local show, pairs_of_a_screen, prefix
local count, holds = 0, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local id, token = line:match("(%d+) (%S+)")
    ids[#ids + 1], tokens[id] = id, token
  end
  for line in io.lines(arguments[2]) do
    local schedule, screen = line:match("(%d+) (%d+)")
    schedules[#schedules + 1], screens[#screens + 1] = schedule, screen
  end
  show, pairs_of_a_screen, prefix = arguments[3], math.floor(tonumber(arguments[4]) / 2), arguments[5]
end

local function post(user, path, body)
  return wrk.format("POST", "/api/v1" .. path,
    {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. tokens[user]}, body)
end

local function hold()
  local schedule, pair = holds % #schedules + 1, math.floor(holds / #schedules) % pairs_of_a_screen
  local first = screens[schedule] * 10000 + 2 * pair + 1
  holds = holds + 1
  return post(ids[holds % #ids + 1], "/bookings", '{"schedule_id":' .. schedules[schedule] .. ',"seat_ids":[' .. first .. ',' ..
    (first + 1) .. '],"idempotency_key":"' .. prefix .. holds .. '"}')
end

local function look(number)
  local pages = {
    "/shows?limit=24", "/shows/" .. show, "/shows/" .. show .. "/schedules",
    "/bookings/schedule/" .. schedules[number % #schedules + 1] .. "/seats",
    "/bookings/schedule/" .. schedules[number * 7 % #schedules + 1] .. "/seats"}
  return wrk.format("GET", "/api/v1" .. pages[number % #pages + 1])
end

function request()
  count = count + 1
  local place = count % 50
  if place == 0 and #held > 0 then
    local booking = table.remove(held)
    return post(booking.user, "/payments", '{"booking_id":' .. booking.id .. ',"payment_method":"WALLET"}')
  end
  if place % 12 == 1 and place < 40 then return hold() end  -- 1, 13, 25, 37: four of fifty
  return look(count)
end

function response(status, headers, body)
  if status ~= 201 then return end
  local id, user = body:match('^{"id":(%d+),"user_id":(%d+),"schedule_id"')
  if id then held[#held + 1] = {id = id, user = user} end
end
