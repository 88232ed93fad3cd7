-- The sun and four planets pull at each other for n steps of 0.01 years; the result is their energy after that.
local PI, DAYS_PER_YEAR = 3.141592653589793, 365.24
local SOLAR_MASS = 4 * PI * PI
local sqrt = math.sqrt

local bodies = {
  -- the sun
  { x = 0, y = 0, z = 0, vx = 0, vy = 0, vz = 0, m = SOLAR_MASS },
  -- Jupiter
  {
    x = 4.84143144246472090e+00, y = -1.16032004402742839e+00, z = -1.03622044471123109e-01,
    vx = 1.66007664274403694e-03 * DAYS_PER_YEAR,
    vy = 7.69901118419740425e-03 * DAYS_PER_YEAR,
    vz = -6.90460016972063023e-05 * DAYS_PER_YEAR,
    m = 9.54791938424326609e-04 * SOLAR_MASS,
  },
  -- Saturn
  {
    x = 8.34336671824457987e+00, y = 4.12479856412430479e+00, z = -4.03523417114321381e-01,
    vx = -2.76742510726411930e-03 * DAYS_PER_YEAR,
    vy = 4.99852801234917238e-03 * DAYS_PER_YEAR,
    vz = 2.30417297573763929e-05 * DAYS_PER_YEAR,
    m = 2.85885980666130812e-04 * SOLAR_MASS,
  },
  -- Uranus
  {
    x = 1.28943695621391310e+01, y = -1.51111514016986312e+01, z = -2.23307578892655734e-01,
    vx = 2.96460137564761618e-03 * DAYS_PER_YEAR,
    vy = 2.37847173959480950e-03 * DAYS_PER_YEAR,
    vz = -2.96589568540237556e-05 * DAYS_PER_YEAR,
    m = 4.36624404335156298e-05 * SOLAR_MASS,
  },
  -- Neptune
  {
    x = 1.53796971148509165e+01, y = -2.59193146099879641e+01, z = 1.79258772950371181e-01,
    vx = 2.68067772490389322e-03 * DAYS_PER_YEAR,
    vy = 1.62824170038242295e-03 * DAYS_PER_YEAR,
    vz = -9.51592254519715870e-05 * DAYS_PER_YEAR,
    m = 5.15138902046611451e-05 * SOLAR_MASS,
  },
}

local function energy()
  local sum = 0
  for i = 1, 5 do
    local p = bodies[i]
    sum = sum + 0.5 * p.m * (p.vx * p.vx + p.vy * p.vy + p.vz * p.vz)
    for j = i + 1, 5 do
      local q = bodies[j]
      local dx, dy, dz = p.x - q.x, p.y - q.y, p.z - q.z
      sum = sum - p.m * q.m / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return sum
end

local function step(dt)
  for i = 1, 5 do
    local p = bodies[i]
    for j = i + 1, 5 do
      local q = bodies[j]
      local dx, dy, dz = p.x - q.x, p.y - q.y, p.z - q.z
      local distance2 = dx * dx + dy * dy + dz * dz
      local pull = dt / (distance2 * sqrt(distance2))
      local qm = q.m * pull
      p.vx = p.vx - dx * qm
      p.vy = p.vy - dy * qm
      p.vz = p.vz - dz * qm
      local pm = p.m * pull
      q.vx = q.vx + dx * pm
      q.vy = q.vy + dy * pm
      q.vz = q.vz + dz * pm
    end
  end
  for i = 1, 5 do
    local p = bodies[i]
    p.x = p.x + dt * p.vx
    p.y = p.y + dt * p.vy
    p.z = p.z + dt * p.vz
  end
end

return function(n)
  -- The sun moves so that the momentum of all is 0.
  local px, py, pz = 0, 0, 0
  for i = 1, 5 do
    local p = bodies[i]
    px = px + p.vx * p.m
    py = py + p.vy * p.m
    pz = pz + p.vz * p.m
  end
  bodies[1].vx = -px / SOLAR_MASS
  bodies[1].vy = -py / SOLAR_MASS
  bodies[1].vz = -pz / SOLAR_MASS

  for i = 1, n do step(0.01) end
  return energy()
end
