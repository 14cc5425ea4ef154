/** The room whose notice was accepted just now: what else is asked on first coming in is asked then, once, and not at every visit. */
import { ref } from 'vue'

export const firstEntry = ref('')
