import { ApiError, ConnectionLost, type Problem } from "@/api/errors";
import { accessToken } from "@/api/session";
import type { Show } from "./shows-api";

/** Gives a show its poster. `onProgress` hears the part that is sent, 0 … 1, which fetch cannot tell. */
export async function uploadPoster(id: number, file: File, onProgress: (part: number) => void): Promise<Show> {
  const form = new FormData();
  form.append("poster", file);
  const token = await accessToken();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/shows/${id}/poster`);
    if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onerror = () => reject(new ConnectionLost());
    request.onload = () => {
      if (request.status < 300) resolve(request.response as Show);
      else reject(new ApiError(new Response(null, { status: request.status }), (request.response ?? {}) as Problem));
    };
    request.send(form);
  });
}
