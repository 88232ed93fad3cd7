# The sun and four planets pull at each other for n steps of 0.01 years; the result is their energy after that.
from math import sqrt

PI = 3.141592653589793
DAYS_PER_YEAR = 365.24
SOLAR_MASS = 4 * PI * PI


class Body:
    def __init__(self, x, y, z, vx, vy, vz, m):
        self.x = x
        self.y = y
        self.z = z
        self.vx = vx
        self.vy = vy
        self.vz = vz
        self.m = m


bodies = [
    # the sun
    Body(0, 0, 0, 0, 0, 0, SOLAR_MASS),
    # Jupiter
    Body(
        4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
        1.66007664274403694e-03 * DAYS_PER_YEAR,
        7.69901118419740425e-03 * DAYS_PER_YEAR,
        -6.90460016972063023e-05 * DAYS_PER_YEAR,
        9.54791938424326609e-04 * SOLAR_MASS,
    ),
    # Saturn
    Body(
        8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
        -2.76742510726411930e-03 * DAYS_PER_YEAR,
        4.99852801234917238e-03 * DAYS_PER_YEAR,
        2.30417297573763929e-05 * DAYS_PER_YEAR,
        2.85885980666130812e-04 * SOLAR_MASS,
    ),
    # Uranus
    Body(
        1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
        2.96460137564761618e-03 * DAYS_PER_YEAR,
        2.37847173959480950e-03 * DAYS_PER_YEAR,
        -2.96589568540237556e-05 * DAYS_PER_YEAR,
        4.36624404335156298e-05 * SOLAR_MASS,
    ),
    # Neptune
    Body(
        1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
        2.68067772490389322e-03 * DAYS_PER_YEAR,
        1.62824170038242295e-03 * DAYS_PER_YEAR,
        -9.51592254519715870e-05 * DAYS_PER_YEAR,
        5.15138902046611451e-05 * SOLAR_MASS,
    ),
]


def energy():
    total = 0
    for i in range(5):
        p = bodies[i]
        total += 0.5 * p.m * (p.vx * p.vx + p.vy * p.vy + p.vz * p.vz)
        for j in range(i + 1, 5):
            q = bodies[j]
            dx = p.x - q.x
            dy = p.y - q.y
            dz = p.z - q.z
            total -= p.m * q.m / sqrt(dx * dx + dy * dy + dz * dz)
    return total


def step(dt):
    for i in range(5):
        p = bodies[i]
        for j in range(i + 1, 5):
            q = bodies[j]
            dx = p.x - q.x
            dy = p.y - q.y
            dz = p.z - q.z
            distance2 = dx * dx + dy * dy + dz * dz
            pull = dt / (distance2 * sqrt(distance2))
            qm = q.m * pull
            p.vx -= dx * qm
            p.vy -= dy * qm
            p.vz -= dz * qm
            pm = p.m * pull
            q.vx += dx * pm
            q.vy += dy * pm
            q.vz += dz * pm
    for p in bodies:
        p.x += dt * p.vx
        p.y += dt * p.vy
        p.z += dt * p.vz


def run(n):
    # The sun moves so that the momentum of all is 0.
    px = py = pz = 0
    for p in bodies:
        px += p.vx * p.m
        py += p.vy * p.m
        pz += p.vz * p.m
    bodies[0].vx = -px / SOLAR_MASS
    bodies[0].vy = -py / SOLAR_MASS
    bodies[0].vz = -pz / SOLAR_MASS

    for _ in range(n):
        step(0.01)
    return energy()
