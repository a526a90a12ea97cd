import { onScopeDispose, ref, type Ref } from 'vue';

/** Whether the window is as the media query says, now and later. */
export function useMatches(query: string): Ref<boolean> {
  const media = matchMedia(query);
  const matches = ref(media.matches);
  const follow = (event: MediaQueryListEvent): void => void (matches.value = event.matches);
  media.addEventListener('change', follow);
  onScopeDispose(() => media.removeEventListener('change', follow));
  return matches;
}
