/*-------------------------------------------------------------------------
 *
 * calendar_face.h
 *	  Days and spans of days as the server's date and daterange.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_CALENDAR_FACE_H
#define CARM_CALENDAR_FACE_H

#include "utils/date.h"
#include "utils/typcache.h"

/* The day as a date; an error where type date can't hold it. */
extern DateADT day_to_date(int64 day);

/*
 * The span from the first day to the day before end, as a daterange; an error
 * where type date can't hold a bound. The type cache entry is that of daterange,
 * with TYPECACHE_RANGE_INFO.
 */
extern Datum days_to_daterange(TypeCacheEntry *typcache, int64 first, int64 end);

#endif							/* CARM_CALENDAR_FACE_H */
