// The sun and four planets pull at each other for n steps of 0.01 years; the result is their energy after that.
#include "../harness/bench.h"

#define PI 3.141592653589793
#define SOLAR_MASS (4 * PI * PI)
#define DAYS_PER_YEAR 365.24

typedef struct {
  double x, y, z, vx, vy, vz, m;
} Body;

static Body bodies[5] = {
  // the sun
  {0, 0, 0, 0, 0, 0, SOLAR_MASS},
  // Jupiter
  {
    4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
    1.66007664274403694e-03 * DAYS_PER_YEAR,
    7.69901118419740425e-03 * DAYS_PER_YEAR,
    -6.90460016972063023e-05 * DAYS_PER_YEAR,
    9.54791938424326609e-04 * SOLAR_MASS,
  },
  // Saturn
  {
    8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
    -2.76742510726411930e-03 * DAYS_PER_YEAR,
    4.99852801234917238e-03 * DAYS_PER_YEAR,
    2.30417297573763929e-05 * DAYS_PER_YEAR,
    2.85885980666130812e-04 * SOLAR_MASS,
  },
  // Uranus
  {
    1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
    2.96460137564761618e-03 * DAYS_PER_YEAR,
    2.37847173959480950e-03 * DAYS_PER_YEAR,
    -2.96589568540237556e-05 * DAYS_PER_YEAR,
    4.36624404335156298e-05 * SOLAR_MASS,
  },
  // Neptune
  {
    1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
    2.68067772490389322e-03 * DAYS_PER_YEAR,
    1.62824170038242295e-03 * DAYS_PER_YEAR,
    -9.51592254519715870e-05 * DAYS_PER_YEAR,
    5.15138902046611451e-05 * SOLAR_MASS,
  },
};

static double energy(void) {
  double sum = 0;
  for (int i = 0; i < 5; i++) {
    Body *p = &bodies[i];
    sum += 0.5 * p->m * (p->vx * p->vx + p->vy * p->vy + p->vz * p->vz);
    for (int j = i + 1; j < 5; j++) {
      Body *q = &bodies[j];
      double dx = p->x - q->x, dy = p->y - q->y, dz = p->z - q->z;
      sum -= p->m * q->m / SQRT(dx * dx + dy * dy + dz * dz);
    }
  }
  return sum;
}

double run(int n) {
  // The sun moves so that the momentum of all is 0.
  double px = 0, py = 0, pz = 0, dt = 0.01;
  for (int i = 0; i < 5; i++) {
    px += bodies[i].vx * bodies[i].m;
    py += bodies[i].vy * bodies[i].m;
    pz += bodies[i].vz * bodies[i].m;
  }
  bodies[0].vx = -px / SOLAR_MASS;
  bodies[0].vy = -py / SOLAR_MASS;
  bodies[0].vz = -pz / SOLAR_MASS;

  for (int step = 0; step < n; step++) {
    for (int i = 0; i < 5; i++) {
      Body *p = &bodies[i];
      for (int j = i + 1; j < 5; j++) {
        Body *q = &bodies[j];
        double dx = p->x - q->x, dy = p->y - q->y, dz = p->z - q->z;
        double distance2 = dx * dx + dy * dy + dz * dz;
        double pull = dt / (distance2 * SQRT(distance2));
        double qm = q->m * pull;
        p->vx -= dx * qm;
        p->vy -= dy * qm;
        p->vz -= dz * qm;
        double pm = p->m * pull;
        q->vx += dx * pm;
        q->vy += dy * pm;
        q->vz += dz * pm;
      }
    }
    for (int i = 0; i < 5; i++) {
      Body *p = &bodies[i];
      p->x += dt * p->vx;
      p->y += dt * p->vy;
      p->z += dt * p->vz;
    }
  }
  return energy();
}
