-- wrk: GET /search. Argument: a file with one query string a line.
local queries = {}
local count = 0

function init(arguments)
  for line in io.lines(arguments[1]) do queries[#queries + 1] = line end
end

function request()
  count = count + 1
  return wrk.format("GET", "/api/v1/search?" .. queries[count % #queries + 1])
end
