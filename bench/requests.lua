-- Sends the requests of a file one after the other, and begins again at its end. They are written there as they go over
-- the wire, each with a zero byte behind it. A second argument is the longest pause of a client, in milliseconds.

local requests, place = {}, 0

function init(arguments)
   local file = assert(io.open(arguments[1], "rb"))
   for found in file:read("*a"):gmatch("(%Z+)%z") do
      requests[#requests + 1] = found
   end
   local longest = tonumber(arguments[2])
   if longest then
      function delay()
         return math.random(0, longest)
      end
   end
end

function request()
   place = place % #requests + 1
   return requests[place]
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '\n{"requests": %d, "seconds": %f, "bytes": %d, "failures": %d, "p50": %f, "p99": %f}\n',
      summary.requests, summary.duration / 1e6, summary.bytes,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout,
      latency:percentile(50) / 1e3, latency:percentile(99) / 1e3
   ))
end
